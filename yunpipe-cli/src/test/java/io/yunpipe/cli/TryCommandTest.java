package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TryCommandTest {
  @TempDir Path folder;

  private Cli run(String command) throws IOException {
    Path input = Files.writeString(folder.resolve("a.txt"), "text");
    Path described = folder.resolve("some.conf");
    Files.writeString(described, "command = \"" + command + "\"");
    return Cli.run("try", described.toString(), input.toString());
  }

  @Test
  void exitCode_isTheAlgorithms() throws IOException {
    assertThat(run("sh -c 'exit 7'").code()).isEqualTo(7);
    assertThat(run("cp $input $output/b").code()).isZero();
    assertThat(run("cp $input $output/b").out()).doesNotContain("container    ", "limits");
  }

  @Test
  void exitCode_withoutOutputs_isOne() throws IOException {
    Cli run = run("test -n $output");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("exit code    0\n", "wrote nothing to $output");
  }

  @Test
  void name_thatIsNeitherFileNorImage_isLookedForAmongTheDescribed() {
    Cli run = Cli.run("try", "no-such-algorithm", folder.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("no algorithm is named 'no-such-algorithm'");
    Cli file = Cli.run("try", "lab/edges.json", folder.toString());
    assertThat(file.code()).isEqualTo(2);
    assertThat(file.err()).contains("Could not try lab/edges.json: there is no such file.");
  }

  @ParameterizedTest
  @CsvSource({
    "lab/cells:1.0, cells",
    "127.0.0.1:5000/lab/cells, cells",
    "localhost/Cell_Count@sha256:00, cell-count",
    "cells:2, cells"
  })
  void image_isNamedByItsLastPart(String image, String name) {
    assertThat(TryCommand.name(image)).isEqualTo(name);
  }

  @Test
  void limits_areReadFromTheEnginesArguments() {
    assertThat(
            TryCommand.limits(
                List.of("docker", "run", "--network", "none", "--memory", "64m", "--cpus", "2.00")))
        .isEqualTo("cpus 2.00, memory 64m, network none");
  }
}
