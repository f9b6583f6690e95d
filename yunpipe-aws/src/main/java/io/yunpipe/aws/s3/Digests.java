package io.yunpipe.aws.s3;

import io.yunpipe.aws.http.Call.Slice;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Checksums of bodies. */
final class Digests {
  private Digests() {}

  static MessageDigest sha256() {
    return named("SHA-256");
  }

  static byte[] sha256(Slice body) {
    MessageDigest digest = sha256();
    digest.update(body.bytes(), body.offset(), body.length());
    return digest.digest();
  }

  static byte[] md5(byte[] bytes) {
    return md5(Slice.of(bytes));
  }

  static byte[] md5(Slice body) {
    MessageDigest digest = named("MD5");
    digest.update(body.bytes(), body.offset(), body.length());
    return digest.digest();
  }

  private static MessageDigest named(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no " + algorithm, e);
    }
  }
}
