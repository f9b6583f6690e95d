package io.yunpipe.wrap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Contents that can be read again.
 *
 * @param size bytes
 */
record Body(long size, Opener opener) {
  /** Opens contents from their beginning. */
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  static Body of(byte[] bytes) {
    return new Body(bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  static Body of(Path file, long size) {
    return new Body(size, () -> Files.newInputStream(file));
  }

  InputStream open() throws IOException {
    return opener.open();
  }
}
