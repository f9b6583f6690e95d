package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.wrap.LibcLook.Libc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/** The look for a base's C library. */
class LibcLookTest {
  /** A file of zeros, few bytes in a registry, and the loader after it. */
  private static byte[] sparse(long size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      TarArchiveEntry data = new TarArchiveEntry("data");
      data.setSize(size);
      tar.putArchiveEntry(data);
      for (long left = size; left > 0; left -= zeros.length) {
        tar.write(zeros);
      }
      tar.closeArchiveEntry();
      tar.putArchiveEntry(new TarArchiveEntry("lib64/ld-linux-x86-64.so.2"));
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  /** An image with one layer. */
  private static final class Single extends BlobsOnly {
    private final byte[] layer;

    Single(byte[] layer) {
      this.layer = layer;
    }

    @Override
    public InputStream blob(Descriptor blob) {
      return new ByteArrayInputStream(layer);
    }

    Libc libc() {
      Manifest any = Manifest.of(TestImage.oci().manifest(), "test");
      String type = MediaTypes.layerOf(any.mediaType());
      Descriptor only = new Descriptor(type, Digest.of(layer), layer.length);
      Manifest image =
          new Manifest(any.mediaType(), any.digest(), any.json(), any.config(), List.of(only));
      return LibcLook.at(image, this).libc();
    }
  }

  @Test
  void library_behindMoreThanIsRead_isNotKnown() throws IOException {
    assertThat(new Single(sparse(16L << 20)).libc()).isEqualTo(Libc.GLIBC);
    assertThat(new Single(sparse(33L << 20)).libc()).isEqualTo(Libc.UNKNOWN);
  }

  @Test
  void skipping_isBoundedAsReadingIs() {
    long[] asked = new long[1];
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public long skip(long n) {
            asked[0] = n;
            return n;
          }
        };
    LayerFiles.Bounded bounded = new LayerFiles.Bounded(endless, 10);
    assertThatThrownBy(() -> bounded.skip(1L << 40))
        .isInstanceOf(LayerFiles.TooLong.class)
        .hasMessage("it has more than 10 bytes");
    assertThat(asked[0]).isEqualTo(11);
  }
}
