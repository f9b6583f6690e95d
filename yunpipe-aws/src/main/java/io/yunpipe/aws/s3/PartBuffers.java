package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The memory in which bodies of requests are held, shared by all uploads of a store. Who asks for
 * more than there is waits. A buffer larger than all of it is given out when nothing else is.
 * Thread-safe.
 */
final class PartBuffers {
  private final long total;
  private final int usual;
  private final Deque<SoftReference<byte[]>> spare = new ArrayDeque<>();
  private long taken;

  /**
   * Creates it.
   *
   * @param count how many of the usual size
   */
  PartBuffers(int usual, int count) {
    this.usual = usual;
    this.total = (long) usual * count;
  }

  /** Takes a buffer of exactly so many bytes; it must be given back. */
  byte[] take(int bytes) {
    synchronized (this) {
      while (taken > 0 && taken + bytes > total) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new BackendException("Interrupted while waiting for memory to upload", true, e);
        }
      }
      taken += bytes;
      while (bytes == usual && !spare.isEmpty()) {
        byte @Nullable [] used = spare.pop().get();
        if (used != null) {
          return used;
        }
      }
    }
    try {
      return new byte[bytes];
    } catch (OutOfMemoryError e) {
      release(bytes);
      throw e;
    }
  }

  /** Gives a buffer back. */
  synchronized void give(byte[] buffer) {
    if (buffer.length == usual) {
      spare.push(new SoftReference<>(buffer));
    }
    release(buffer.length);
  }

  private synchronized void release(int bytes) {
    taken -= bytes;
    notifyAll();
  }
}
