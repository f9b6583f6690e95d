package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Reads a content once, in parts, and its checksum meanwhile. Not thread-safe. */
final class PartReader implements AutoCloseable {
  private final Content content;
  private final String target;
  private final PartSizes sizes;
  private final PartBuffers buffers;
  private final MessageDigest digest = Digests.sha256();
  private final InputStream in;
  private final long expected;
  private int number;
  private long size;
  private boolean ended;

  /**
   * Opens the content.
   *
   * @param target where it is to be stored, for messages
   */
  PartReader(Content content, String target, PartSizes sizes, PartBuffers buffers) {
    this.content = content;
    this.target = target;
    this.sizes = sizes;
    this.buffers = buffers;
    this.expected = content.size();
    try {
      this.in = content.open();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Reads the next part into a buffer that the caller gives back; empty after the last. */
  Slice next() {
    number++;
    byte[] buffer = buffers.take(sizes.of(number));
    try {
      int n = in.readNBytes(buffer, 0, buffer.length);
      digest.update(buffer, 0, n);
      size += n;
      ended = n < buffer.length || (size == expected && in.read() < 0);
      if (expected >= 0 && (ended ? size != expected : size >= expected)) {
        throw new IOException("its size, " + expected + " bytes, changed while it was read");
      }
      return new Slice(buffer, 0, n);
    } catch (IOException e) {
      buffers.give(buffer);
      throw failed(e);
    } catch (RuntimeException | Error e) {
      buffers.give(buffer);
      throw e;
    }
  }

  private BackendException failed(IOException e) {
    String source = content.file().map(file -> file + " ").orElse("the content ");
    return new BackendException(
        "Could not read " + source + "to store it as " + target + ": " + e, e);
  }

  /** Returns the number of the last part read, from 1. */
  int number() {
    return number;
  }

  /** Returns whether there are no more parts. */
  boolean ended() {
    return ended;
  }

  /** Returns how many bytes were read. */
  long size() {
    return size;
  }

  /** Returns the checksum of all that was read; only once. */
  byte[] sha256() {
    return digest.digest();
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
