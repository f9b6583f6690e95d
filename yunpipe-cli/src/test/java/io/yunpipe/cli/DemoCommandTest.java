package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path folder;

  @Test
  void demo_fewImages_leavesWhatItNames() throws IOException {
    Path demo = folder.resolve("demo");
    Path store = folder.resolve("store");
    Cli run =
        Cli.run("demo", "-o", demo.toString(), "--images", "3", "--backend-dir", store.toString());
    assertThat(run.code()).as(run.err()).isZero();
    List<String> files = run.out().lines().toList();
    assertThat(files).hasSize(3).allSatisfy(file -> assertThat(Path.of(file)).isRegularFile());
    Path summary = Path.of(files.get(0));
    assertThat(Files.readAllLines(summary)).hasSize(1 + 3);
    assertThat(Files.readString(summary)).contains("plate-a/cells-003.png");
    assertThat(ImageIO.read(Path.of(files.get(1)).toFile()).getWidth()).isEqualTo(800);
    assertThat(ImageIO.read(Path.of(files.get(2)).toFile()).getWidth()).isEqualTo(512);

    // Its last line is a command that works.
    String again = run.err().lines().filter(line -> line.contains("yunpipe run")).findFirst().get();
    String[] words = again.strip().substring("yunpipe ".length()).split(" ");
    Cli second = Cli.run(words);
    assertThat(second.code()).as(second.err()).isZero();
  }

  @Test
  void demo_ownImages_oneUnreadable_othersFinish() throws IOException {
    Path images = folder.resolve("images");
    DemoImages.make(images, 2, 64, 7);
    Files.writeString(images.resolve("truncated.png"), "no image");
    Cli run =
        Cli.run(
            "demo",
            "-q",
            "-o",
            folder.resolve("demo").toString(),
            "--inputs",
            images.toString(),
            "--backend-dir",
            folder.resolve("store").toString());
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).contains("smooth  truncated.png  ").contains("Smooth: ");
    assertThat(Files.readAllLines(Path.of(run.out().lines().findFirst().get()))).hasSize(1 + 2);
  }

  @Test
  void demo_prepareOnly_runsNothing() {
    Path demo = folder.resolve("demo");
    Cli run = Cli.run("demo", "--prepare", "-o", demo.toString(), "--images", "1");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(demo.resolve("images/cells-001.png")).isRegularFile();
    assertThat(demo.resolve("algorithms/cells.jar")).isRegularFile();
    assertThat(demo.resolve("results")).doesNotExist();
  }

  @Test
  void demo_impossibleNumbers_areRefused() {
    Cli run = Cli.run("demo", "-o", folder.resolve("demo").toString(), "--images", "0");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("yunpipe: --images must be 1 to 999, but was 0.\n");
  }

  @Test
  void images_sameSeed_areTheSame() throws IOException {
    DemoImages.make(folder.resolve("a"), 3, 64, 5);
    DemoImages.make(folder.resolve("b"), 3, 64, 5);
    DemoImages.make(folder.resolve("c"), 3, 64, 6);
    for (String name : List.of("cells-001.png", "cells-002.png", "plate-a/cells-003.png")) {
      assertThat(folder.resolve("a").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
    }
    assertThat(Files.mismatch(folder.resolve("a/cells-001.png"), folder.resolve("c/cells-001.png")))
        .isNotNegative();
  }
}
