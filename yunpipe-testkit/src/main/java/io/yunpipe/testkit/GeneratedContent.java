package io.yunpipe.testkit;

import io.yunpipe.spi.Content;
import java.io.InputStream;

/** Content that is made while it is read, so that a test needs no memory for it. */
final class GeneratedContent implements Content {
  private final long size;
  private final boolean sizeKnown;

  GeneratedContent(long size, boolean sizeKnown) {
    this.size = size;
    this.sizeKnown = sizeKnown;
  }

  /** Returns the byte at an offset; not periodic in any power of two. */
  static byte at(long offset) {
    return (byte) (offset % 251);
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
        int count = (int) Math.min(length, size - offset);
        for (int i = 0; i < count; i++) {
          bytes[from + i] = at(offset++);
        }
        return count;
      }
    };
  }
}
