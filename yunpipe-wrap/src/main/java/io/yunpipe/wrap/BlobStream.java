package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * Reads a blob and checks it: the last bytes are given away only if the digest is right, so that
 * nothing wrong can be passed on whole. Its failures say whose they are.
 */
final class BlobStream extends FilterInputStream {
  private final Descriptor blob;
  private final String from;
  private final LongConsumer counter;
  private final MessageDigest digest = sha256();
  private long count;

  /**
   * Wraps a stream.
   *
   * @param from where it is read, for messages
   * @param counter hears of bytes read
   */
  BlobStream(InputStream in, Descriptor blob, String from, LongConsumer counter) {
    super(in);
    this.blob = blob;
    this.from = from;
    this.counter = counter;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int n;
    try {
      n = super.read(into, offset, length);
    } catch (IOException e) {
      throw new BackendException(
          "Could not read blob "
              + blob.digest()
              + " from "
              + from
              + ": the connection broke after "
              + count
              + " of "
              + blob.size()
              + " bytes ("
              + Said.of(e)
              + ")",
          true,
          e);
    }
    if (n < 0) {
      if (count < blob.size()) {
        throw new BackendException(
            "Could not read blob "
                + blob.digest()
                + " from "
                + from
                + ": it ended after "
                + count
                + " of "
                + blob.size()
                + " bytes",
            true,
            null);
      }
      if (blob.size() == 0) {
        check();
      }
      return n;
    }
    count += n;
    counter.accept(n);
    digest.update(into, offset, n);
    if (count > blob.size()) {
      throw wrong("it has more than the " + blob.size() + " bytes that its manifest states");
    }
    if (count == blob.size()) {
      check();
    }
    return n;
  }

  private void check() {
    String is = Digest.PREFIX + HexFormat.of().formatHex(digest.digest());
    if (!is.equals(blob.digest())) {
      throw wrong("its contents have the digest " + is);
    }
  }

  private BackendException wrong(String why) {
    return new BackendException(
        "Could not use blob "
            + blob.digest()
            + " from "
            + from
            + ": "
            + why
            + ". It is damaged there or on the way; push the image again, or use another",
        null);
  }

  /** Bytes that are not read are not checked. */
  @Override
  public long skip(long n) throws IOException {
    return readNBytes((int) Math.min(n, 64 << 10)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
