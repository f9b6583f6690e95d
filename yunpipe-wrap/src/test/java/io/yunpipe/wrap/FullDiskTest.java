package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room for the layer. */
class FullDiskTest {
  @TempDir Path folder;

  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount a small disk");
    disk = Files.createDirectory(folder.resolve("disk"));
    try {
      Commands.run(folder, "mount", "-t", "tmpfs", "-o", "size=6m", "none", disk.toString());
      mounted = true;
    } catch (IllegalStateException e) {
      assumeTrue(false, "needs the right to mount: " + e.getMessage());
    }
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      Commands.run(folder, "umount", disk.toString());
    }
  }

  private String base() {
    String source = "oci:" + folder.resolve("base") + ":1";
    TestImage.oci().layer(TestLayer.glibc()).writeTo(Wraps.target(source));
    return source;
  }

  private void nothingIsLeftOf(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      assertThat(files.filter(Files::isRegularFile))
          .allMatch(file -> !file.getFileName().toString().startsWith("."));
    }
  }

  @Test
  void layout_onAFullDisk_isSaidAndNothingIsShown() throws IOException {
    Path layout = disk.resolve("layout");

    assertThatThrownBy(() -> Wraps.wrapper(base()).to("oci:" + layout))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("Could not write blob sha256:")
        .hasMessageContaining("No space left on device")
        .hasMessageEndingWith("Look for space and rights there");
    assertThat(layout.resolve("index.json")).doesNotExist();
    nothingIsLeftOf(layout);
  }

  @Test
  void archive_onAFullDisk_isSaidAndNothingIsThere() throws IOException {
    assertThatThrownBy(() -> Wraps.wrapper(base()).to("tar:" + disk.resolve("image.tar")))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("Could not write " + disk.resolve("image.tar"))
        .hasMessageContaining("No space left on device");
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void cache_onAFullDisk_isSaidAndNothingStays() throws IOException {
    Path cache = disk.resolve("cache");

    assertThatThrownBy(() -> Wraps.wrapper(base()).cache(cache).to("oci:" + folder.resolve("made")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("No space left on device");
    assertThat(cache).isEmptyDirectory();
  }
}
