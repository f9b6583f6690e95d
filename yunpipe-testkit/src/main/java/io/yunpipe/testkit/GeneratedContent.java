package io.yunpipe.testkit;

import io.yunpipe.spi.Content;
import java.io.InputStream;

/** Content that is made while it is read, so that a test needs no memory for it. */
public final class GeneratedContent implements Content {
  private static final int PERIOD = 251;
  private static final byte[] PATTERN = new byte[PERIOD * 1000];

  static {
    for (int i = 0; i < PATTERN.length; i++) {
      PATTERN[i] = at(i);
    }
  }

  private final long size;
  private final boolean sizeKnown;

  /**
   * Creates it.
   *
   * @param size bytes
   * @param sizeKnown whether {@link #size()} tells
   */
  public GeneratedContent(long size, boolean sizeKnown) {
    this.size = size;
    this.sizeKnown = sizeKnown;
  }

  /** Returns the byte at an offset; not periodic in any power of two. */
  public static byte at(long offset) {
    return (byte) (offset % PERIOD);
  }

  @Override
  public long size() {
    return sizeKnown ? size : -1;
  }

  @Override
  public InputStream open() {
    return new InputStream() {
      private long offset;

      @Override
      public int read() {
        return offset == size ? -1 : at(offset++) & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int from, int length) {
        if (length == 0) {
          return 0;
        }
        if (offset == size) {
          return -1;
        }
        int start = (int) (offset % PERIOD);
        int count = (int) Math.min(Math.min(length, size - offset), PATTERN.length - start);
        System.arraycopy(PATTERN, start, bytes, from, count);
        offset += count;
        return count;
      }
    };
  }
}
