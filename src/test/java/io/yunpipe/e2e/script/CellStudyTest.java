package io.yunpipe.e2e.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples, as their first lines say to start them. */
class CellStudyTest {
  static final List<String> IMAGES =
      List.of(
          "cells-001.png",
          "cells-002.png",
          "cells-004.png",
          "cells-005.png",
          "plate-a/cells-003.png",
          "plate-b/cells-006.png");

  @TempDir Path folder;

  @Test
  void javaProgram_fromItsSource_countsTheCells() throws IOException, InterruptedException {
    Child child =
        Child.java(
            folder, Child.SAMPLES.resolve("src/main/java/io/yunpipe/samples/CellStudy.java"));
    assertThat(child.code()).as(child.all()).isZero();
    check(child, "cell-study");
  }

  @Test
  void script_withAnArgument_countsTheCells() throws IOException, InterruptedException {
    Child child = Child.script(folder, Child.SAMPLES.resolve("CellStudy.jsh"), "mine");
    assertThat(child.code()).as(child.all()).isZero();
    check(child, "mine");
  }

  @Test
  void script_inTheJshellTool_countsTheCells() throws IOException, InterruptedException {
    check(Child.jshell(folder, Child.SAMPLES.resolve("CellStudy.jsh")), "cell-study");
  }

  @Test
  void edges_fromTheirSource_areDrawn() throws IOException, InterruptedException {
    Path edges = Child.SAMPLES.resolve("edges");
    for (String name : List.of("Edges.java", "EdgesStudy.java")) {
      Files.copy(edges.resolve(name), folder.resolve(name));
    }
    Child images =
        Child.java(folder, "io.yunpipe.cli.Main", "demo", "--prepare", "--images", 1, "-o", ".");
    assertThat(images.code()).as(images.all()).isZero();
    Child child = Child.java(folder, "EdgesStudy.java");
    assertThat(child.code()).as(child.all()).isZero();
    assertThat(folder.resolve("results/cells-001.png/edges.png")).as(child.all()).isNotEmptyFile();
  }

  @Test
  void zipPerImage_fromItsSource_bringsEachOutput() throws IOException, InterruptedException {
    Child child =
        Child.java(
            folder, Child.SAMPLES.resolve("src/main/java/io/yunpipe/samples/ZipPerImage.java"));
    assertThat(child.code()).as(child.all()).isZero();
    assertThat(child.out()).as(child.all()).contains("cells-001.zip.png");
    assertThat(folder.resolve("zip-per-image/results/cells-001.zip.png")).isNotEmptyFile();
    assertNoNoise(child);
  }

  private void check(Child child, String study) throws IOException {
    assertThat(child.out()).as(child.all()).contains("image,cells");
    Path results = folder.resolve(study).resolve("results");
    assertThat(child.out().lines().map(line -> line.split(",", -1)[0])).containsAll(IMAGES);
    for (String image : IMAGES) {
      assertThat(results.resolve("segment").resolve(image).resolve("overlay.png")).isNotEmptyFile();
    }
    assertThat(Files.readAllLines(results.resolve("summary/summary.csv")))
        .hasSize(1 + IMAGES.size());
    assertNoNoise(child);
  }

  /** Only progress is on standard error: no warnings of logging libraries, no stack traces. */
  static void assertNoNoise(Child child) {
    assertThat(child.err())
        .doesNotContainIgnoringCase("slf4j")
        .doesNotContain("WARN", "SEVERE", "io.yunpipe.shaded", "\tat ");
  }
}
