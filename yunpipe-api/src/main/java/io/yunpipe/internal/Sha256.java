package io.yunpipe.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 of contents, in lower-case hex. */
public final class Sha256 {
  private static final int BUFFER = 128 * 1024;

  private Sha256() {}

  /** Returns the checksum of bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(Ids.sha256().digest(bytes));
  }

  /** Returns the checksum of a file. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = Ids.sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
