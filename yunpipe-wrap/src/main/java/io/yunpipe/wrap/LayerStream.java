package io.yunpipe.wrap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Opens a layer, whatever it is compressed with. */
final class LayerStream {
  private static final int BUFFER = 64 << 10;

  private LayerStream() {}

  /** A compression that Java does not know. */
  static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /** Returns the tar in a layer. */
  static InputStream tar(InputStream layer) throws IOException {
    BufferedInputStream in = new BufferedInputStream(layer, BUFFER);
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
      return new GZIPInputStream(in, BUFFER);
    }
    if (magic.length == 4
        && (magic[0] & 0xff) == 0x28
        && (magic[1] & 0xff) == 0xb5
        && (magic[2] & 0xff) == 0x2f
        && (magic[3] & 0xff) == 0xfd) {
      throw new Unreadable("the layer is compressed with zstd, which is not read here");
    }
    return in;
  }
}
