package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.wrap.LibcLook.Libc;
import io.yunpipe.wrap.LibcLook.Seen;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcMemoryTest {
  private static final TestLayer TOP = new TestLayer().file("srv/model", "x");

  @TempDir Path folder;

  private final Map<String, byte[]> blobs = new HashMap<>();
  private final List<String> opened = new ArrayList<>();

  private final ImageSource source =
      new BlobsOnly() {
        @Override
        public InputStream blob(Descriptor blob) {
          opened.add(blob.digest());
          return new ByteArrayInputStream(blobs.get(blob.digest()));
        }
      };

  private Manifest manifest(TestLayer... layers) {
    TestImage image = TestImage.oci();
    for (TestLayer layer : layers) {
      image.layer(layer);
    }
    image.blobs().forEach((blob, bytes) -> blobs.put(blob.digest(), bytes));
    return Manifest.of(image.manifest(), "test");
  }

  private Seen see(String registry, TestLayer... layers) {
    return see(registry, manifest(layers));
  }

  private Seen see(String registry, Manifest manifest) {
    return new LibcMemory(folder.resolve("libc"), registry).of(manifest, source);
  }

  /** Returns how many layers are read; what is remembered must be what would be seen. */
  private int reads(String registry, Manifest manifest) {
    opened.clear();
    Seen seen = see(registry, manifest);
    int count = opened.size();
    assertThat(seen).isEqualTo(LibcLook.at(manifest, source));
    return count;
  }

  private int reads(String registry, TestLayer... layers) {
    return reads(registry, manifest(layers));
  }

  private static TestLayer musl() {
    return new TestLayer().file("lib/ld-musl-x86_64.so.1", "x");
  }

  @Test
  void image_seenOnce_isNotReadAgain() {
    assertThat(reads("r", TestLayer.glibc())).isEqualTo(1);
    assertThat(reads("r", TestLayer.glibc())).isZero();
    assertThat(see("r", TestLayer.glibc()).libc()).isEqualTo(Libc.GLIBC);
    assertThat(reads("r", TestLayer.glibc(), TOP)).as("what decided is the same").isZero();
    assertThat(reads("r", musl())).isEqualTo(1);
    assertThat(reads("r", musl())).isZero();
    assertThat(see("r", musl()).libc()).isEqualTo(Libc.MUSL);
  }

  @Test
  void absence_isRememberedOfTheWholeImageOnly() {
    assertThat(reads("r", TOP)).isEqualTo(1);
    assertThat(reads("r", TOP)).isZero();
    assertThat(see("r", TOP).libc()).isEqualTo(Libc.NONE);
    assertThat(see("r", TOP, TestLayer.glibc()).libc()).isEqualTo(Libc.GLIBC);
    assertThat(see("r", TOP, musl()).libc()).isEqualTo(Libc.MUSL);
  }

  @Test
  void layer_tooLargeToBeReadWhole_isRememberedAsUnknown() {
    byte[] noise = new byte[5 << 20];
    new Random(1).nextBytes(noise);
    Manifest large = manifest(new TestLayer().file("srv/noise", noise), TestLayer.glibc());

    assertThat(reads("r", large)).isEqualTo(1);
    assertThat(reads("r", large)).isZero();
    assertThat(see("r", large).libc()).isEqualTo(Libc.UNKNOWN);
  }

  /** Who sends other bytes than the digest says is noticed only at a layer's end. */
  @Test
  void oneRegistry_doesNotSpeakForAnother() {
    assertThat(reads("r", TestLayer.glibc())).isEqualTo(1);
    assertThat(reads("s", TestLayer.glibc())).isEqualTo(1);
  }

  @Test
  void memory_thatIsDamagedOrCannotBeKept_costsALook() throws IOException {
    assertThat(reads("r", TestLayer.glibc())).isEqualTo(1);
    try (Stream<Path> files = Files.list(folder.resolve("libc"))) {
      for (Path file : files.toList()) {
        Files.writeString(file, "GLIBC 99999");
      }
    }
    assertThat(reads("r", TestLayer.glibc())).isEqualTo(1);
    assertThat(reads("r", TestLayer.glibc())).isZero();

    Files.writeString(folder.resolve("file"), "");
    assertThat(
            new LibcMemory(folder.resolve("file/libc"), "r")
                .of(manifest(TestLayer.glibc()), source)
                .libc())
        .isEqualTo(Libc.GLIBC);
  }
}
