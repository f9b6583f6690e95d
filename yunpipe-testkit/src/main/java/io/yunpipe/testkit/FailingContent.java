package io.yunpipe.testkit;

import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;

/** Content that breaks off after some bytes. */
final class FailingContent implements Content {
  @Override
  public long size() {
    return 100_000;
  }

  @Override
  public InputStream open() {
    return new InputStream() {
      private int left = 70_000;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        if (left == 0) {
          throw new IOException("the source broke off");
        }
        int count = Math.min(length, left);
        left -= count;
        return count;
      }
    };
  }
}
