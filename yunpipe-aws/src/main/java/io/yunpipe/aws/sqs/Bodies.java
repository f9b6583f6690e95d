package io.yunpipe.aws.sqs;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Bodies as SQS takes them: it refuses characters that XML 1.0 has no place for. A body with one of
 * them travels as Base64 behind a prefix.
 */
final class Bodies {
  private static final String ENCODED = "=base64:";

  private Bodies() {}

  static String encode(String body) {
    return body.startsWith(ENCODED) || !body.codePoints().allMatch(Bodies::allowed)
        ? ENCODED + Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8))
        : body;
  }

  static String decode(String body) {
    return body.startsWith(ENCODED)
        ? new String(
            Base64.getDecoder().decode(body.substring(ENCODED.length())), StandardCharsets.UTF_8)
        : body;
  }

  private static boolean allowed(int c) {
    return c >= 0x20 ? c < 0xD800 || (c > 0xDFFF && c < 0xFFFE) || c > 0xFFFF : isSpace(c);
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r';
  }

  /** Returns the MD5 of a body as it travels, in lower-case hex. */
  static String md5(String body) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
      return "%032x".formatted(new BigInteger(1, digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }
}
