package io.yunpipe.aws.s3;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bodies of answers. */
final class Bodies {
  private Bodies() {}

  /**
   * Reads a body whole.
   *
   * @param length how long it must be, or -1 if the answer did not say
   * @throws IOException if it ends early
   */
  static byte[] whole(InputStream body, long length) throws IOException {
    if (length < 0) {
      return body.readAllBytes();
    }
    byte[] bytes = body.readNBytes(Math.toIntExact(length));
    if (bytes.length < length) {
      throw new EOFException("The answer ended after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** A body whose end gives the connection back. */
  static final class Closing extends FilterInputStream {
    private final AutoCloseable owner;

    Closing(InputStream body, AutoCloseable owner) {
      super(body);
      this.owner = owner;
    }

    @Override
    public void close() throws IOException {
      try {
        owner.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
