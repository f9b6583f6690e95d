package io.yunpipe.wrap;

import io.yunpipe.internal.Sha256;
import java.util.regex.Pattern;

/** Digests of contents, in the form that registries have them. */
final class Digest {
  static final String PREFIX = "sha256:";

  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  private Digest() {}

  static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  static String check(String text) {
    if (!isOne(text)) {
      throw new IllegalArgumentException(
          "digest must be sha256: and 64 digits of 0-9 and a-f, but was \"" + text + "\"");
    }
    return text;
  }

  static String of(byte[] bytes) {
    return PREFIX + Sha256.of(bytes);
  }

  /** Returns the digits. */
  static String hex(String digest) {
    return digest.substring(PREFIX.length());
  }
}
