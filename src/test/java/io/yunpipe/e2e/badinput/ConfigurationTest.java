package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.ConfigurationException;
import io.yunpipe.Pipeline;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.input("a.txt", "a");
  }

  private static final String CORRUPT =
      """
      nam = cells
      algorithms {
        smooth { comand = "cp $input $output", cpus = many }
      }
      process {
        type = single
        algorithms = [smooth, sharpen]
      }
      """;

  @Test
  void pipelineFile_withSeveralProblems_listsAllWithFileAndLine() {
    Path file = lab.conf(CORRUPT);
    assertThatThrownBy(() -> Pipeline.load(file))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> {
              assertThat(e.problems())
                  .allSatisfy(problem -> assertThat(problem).startsWith(file + ":"));
              assertThat(String.join("\n", e.problems()))
                  .contains(
                      file + ":1: unknown key 'nam'; did you mean 'name'?",
                      file + ":3: unknown key 'algorithms.smooth.comand'; did you mean 'command'?",
                      file + ":3: unknown key 'algorithms.smooth.cpus'",
                      file + ":6: process.type: expected one of single_run, ",
                      file + ":7: process.algorithms[1]: no algorithm is named 'sharpen'");
            });
    Cli cli = lab.cli("run", file, lab.inputs);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .startsWith("yunpipe: Configuration " + file + " has ")
        .contains(":1: ", ":7: ");
    lab.assertNothingBegun();
  }

  @Test
  void pipelineFile_thatIsNoHocon_isNamedWithItsLine() {
    Path file = lab.conf("name = cells\nalgorithms { a = [ \n");
    Cli cli = lab.cli("run", file, lab.inputs);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .startsWith("yunpipe: Configuration " + file + " has 1 problem:\n  - " + file + ":");
    assertThat(cli.err().lines()).hasSize(2);
    lab.assertNothingBegun();
  }

  @Test
  void pipelineFile_thatIsNotThere_isNamed() {
    Path file = folder.resolve("none.conf");
    Cli cli = lab.cli("run", file, lab.inputs);
    assertThat(cli)
        .isEqualTo(
            new Cli(
                2,
                "",
                "yunpipe: Configuration "
                    + file
                    + " has 1 problem:\n  - "
                    + file
                    + ": there is no such file\n"));
    lab.assertNothingBegun();
  }

  @Test
  void settings_ofTheBackend_areCheckedTogether() {
    Path file =
        Lab.write(
            folder.resolve("yunpipe.conf"),
            """
            yunpipe {
              bakend = local
              local {
                cpus = plenty
                lease = soon
                directry = /x
              }
            }
            """);
    Algorithm copy = Algorithm.command("copy", "cp $input $output");
    assertThatThrownBy(() -> Pipeline.builder().configuration(file).stage(copy).build())
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(String.join("\n", e.problems()))
                    .contains(
                        file + ":2: ",
                        "did you mean 'yunpipe.backend'?",
                        file + ":4: ",
                        file + ":5: ",
                        file + ":6: ",
                        "did you mean 'directory'?"));
    lab.assertNothingBegun();
  }
}
