package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.s3.S3Calls.Fetched;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object's bytes. A connection that breaks or ends early is replaced by another that goes on
 * where it stopped, of the same version of the object. Not thread-safe.
 */
final class ResumingStream extends InputStream {
  private static final Logger logger = LoggerFactory.getLogger(ResumingStream.class);
  private static final int TRIES = 5;

  private final S3Calls calls;
  private final String key;
  private final String etag;
  private final long end;
  private Fetched current;
  private long at;
  private int failures;
  private boolean closed;

  /**
   * Creates it.
   *
   * @param first offset of the first byte
   * @param fetched the bytes from there; closed with this
   */
  ResumingStream(S3Calls calls, String key, long first, Fetched fetched) {
    this.calls = calls;
    this.key = key;
    this.at = first;
    this.current = fetched;
    this.etag = fetched.etag();
    this.end = fetched.length() < 0 ? -1 : first + fetched.length();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("The stream of " + name() + " is closed");
    }
    if (length == 0) {
      return 0;
    }
    while (at != end) {
      try {
        int n = current.body().read(bytes, offset, length);
        if (n > 0) {
          at += n;
          failures = 0;
          return n;
        }
        if (end < 0) {
          return -1;
        }
        throw new EOFException("the answer ended " + (end - at) + " bytes early");
      } catch (IOException e) {
        reopen(e);
      }
    }
    return -1;
  }

  private void reopen(IOException failure) throws IOException {
    if (++failures > TRIES || end < 0 || etag.isEmpty()) {
      throw new IOException(
          "Could not read " + name() + " beyond byte " + at + ": " + failure.getMessage(), failure);
    }
    logger.debug("Reading {} goes on at byte {} after: {}", name(), at, failure.toString());
    closeCurrent();
    try {
      Optional<Fetched> next = calls.get(key, at, end - 1, etag);
      current = next.orElseThrow(() -> new IOException(name() + " was deleted while it was read"));
    } catch (BackendException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private String name() {
    return "s3://" + calls.bucket() + "/" + key;
  }

  @Override
  public int available() throws IOException {
    return closed ? 0 : current.body().available();
  }

  private void closeCurrent() {
    try {
      current.body().close();
    } catch (IOException e) {
      logger.debug("Closing the connection of {} failed", name(), e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeCurrent();
    }
  }
}
