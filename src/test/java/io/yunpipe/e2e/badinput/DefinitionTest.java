package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.ConfigurationException;
import io.yunpipe.InvalidPipelineException;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.Port;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions that cannot be: refused whole, before anything is created. */
class DefinitionTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.input("a.txt", "a");
  }

  /** Asserts what each of validate, plan and run says, and that none of them begins anything. */
  private void assertRefused(String conf, String... problems) {
    Path file = lab.conf(conf);
    String message =
        "yunpipe: Configuration "
            + file
            + (problems.length == 1 ? " has 1 problem:" : " has " + problems.length + " problems:");
    for (String problem : problems) {
      message += "\n  - " + file + problem;
    }
    message += "\n";
    assertThat(Cli.run("validate", file)).isEqualTo(new Cli(2, "", message));
    assertThat(lab.cli("plan", file, lab.inputs)).isEqualTo(new Cli(2, "", message));
    assertThat(lab.cli("run", file, lab.inputs, "-o", lab.results))
        .isEqualTo(new Cli(2, "", message));
    lab.assertNothingBegun();
  }

  private void assertProblems(PipelineBuilder pipeline, String... problems) {
    assertThatThrownBy(pipeline::build)
        .isInstanceOfSatisfying(
            InvalidPipelineException.class,
            e -> assertThat(e.problems()).containsExactly(problems));
    lab.assertNothingBegun();
  }

  private static Algorithm wordy() {
    return Algorithm.builder("wordy")
        .command("sh -c 'echo $WORD' $input $output")
        .requiredVariable("WORD")
        .variable("TONE", "kind")
        .addPort(new Port(9090, "tcp"))
        .build();
  }

  @Test
  void algorithm_unknown_namesTheNearest() {
    Path file =
        lab.conf(
            """
            algorithms { smooth = "cp $input $output" }
            process {
              type = single_run
              algorithms = [smoth]
            }
            """);
    String message =
        file
            + ":4: process.algorithms[0]: no algorithm is named 'smoth'; did you mean 'smooth'? Looked among"
            + " those of this file (smooth) and for "
            + folder
            + "/smoth{.json,.conf}, ";
    assertThatThrownBy(() -> Pipeline.load(file))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> assertThat(e.problems()).singleElement().asString().startsWith(message));
    for (String command : List.of("plan", "run")) {
      Cli cli = lab.cli(command, file, lab.inputs);
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err())
          .startsWith("yunpipe: Configuration " + file + " has 1 problem:\n  - " + message)
          .hasLineCount(2);
    }
    lab.assertNothingBegun();
  }

  @Test
  void variables_unknownAndMissing_andPortUnlisted_areAllReported() {
    assertProblems(
        lab.pipeline()
            .name("talk")
            .addStage(
                Stage.builder(wordy())
                    .putVariable("VOICE", "low")
                    .addPort(new Port(80, "tcp"))
                    .build()),
        "stage 'wordy': unknown variable VOICE; algorithm 'wordy' has WORD, TONE",
        "stage 'wordy': required variable WORD is not set",
        "stage 'wordy': port 80/tcp is not listed by algorithm 'wordy'");
    assertRefused(
        """
        algorithms { wordy { command = "echo $WORD", variables { WORD { required = true }, TONE = kind }, ports = [9090] } }
        process {
          type = single_run
          algorithms = [
            { name = wordy, variables { VOICE = low }, port = [80] }
          ]
        }
        """,
        ":5: stage 'wordy': unknown variable VOICE; algorithm 'wordy' has WORD, TONE",
        ":5: stage 'wordy': required variable WORD is not set",
        ":5: stage 'wordy': port 80/tcp is not listed by algorithm 'wordy'");
  }

  @Test
  void processType_unknown_isRefused() {
    assertRefused(
        "algorithms { a = \"cp $input $output\" }\nprocess {\n type = sequencerun\n algorithms = [a]\n}",
        ":3: process.type: expected one of single_run, sequence_run, one_to_all, all_to_one, but found"
            + " \"sequencerun\"; did you mean 'sequence_run'?");
  }

  @Test
  void singleRun_withTwoAlgorithms_isRefused() {
    assertRefused(
        "algorithms { a = ls, b = ls }\nprocess {\n type = single_run\n algorithms = [a, b]\n}",
        ":4: process.algorithms: single_run takes exactly one algorithm, but found 2; use sequence_run to"
            + " run several in order");
  }

  @Test
  void stages_inACycle_areNamedInOrder() {
    Algorithm copy = Algorithm.command("copy", "cp $input $output");
    List<Stage> cycle =
        List.of(
            Stage.builder("x", copy).after("z").build(),
            Stage.builder("y", copy).after("x").build(),
            Stage.builder("z", copy).after("y").build());
    PipelineBuilder pipeline = lab.pipeline();
    cycle.forEach(pipeline::addStage);
    assertProblems(pipeline, "stages form a cycle: x after z after y after x");
    assertThatThrownBy(() -> Workflow.of(cycle))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessage("Workflow has 1 problem:\n  - stages form a cycle: x after z after y after x");
    assertRefused(
        """
        algorithms { copy = "cp $input $output" }
        stages = [
          { name = x, algorithm = copy, after = y }
          { name = y, algorithm = copy, after = x }
        ]
        """,
        ":2: stages form a cycle: x after y after x");
  }

  @Test
  void stage_afterOneThatIsNot_isNamed() {
    Algorithm copy = Algorithm.command("copy", "cp $input $output");
    assertProblems(
        lab.pipeline().addStage(Stage.builder("x", copy).after("w").build()),
        "stage 'x': it comes after 'w', which does not exist; stages are [x]");
    assertRefused(
        """
        algorithms { copy = "cp $input $output" }
        stages = [
          { name = x, algorithm = copy }
          { name = y, algorithm = copy, after = w }
        ]
        """,
        ":4: stage 'y': it comes after 'w', which does not exist; stages are [x, y]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "with blank", "", "-first", "ümlaut", "a/b", "..", "a\nb"})
  void name_thatIsNone_isRefused(String name) {
    String rule = " must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but was \"";
    assertThatThrownBy(() -> lab.pipeline().name(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pipeline name" + rule + name + "\"");
    assertThatThrownBy(() -> Algorithm.command(name, "true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("algorithm name" + rule + name + "\"");
    assertThatThrownBy(() -> Stage.builder(name, wordy()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stage name" + rule + name + "\"");
  }

  @Test
  void name_ofEachKind_isRefusedInAFileWithItsLine() {
    String rule = " must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but was \"";
    assertRefused(
        "name = \"My Pipeline\"\nalgorithms { a = \"cp $input $output\" }\n",
        ":1: name: pipeline name" + rule + "My Pipeline\"");
    assertRefused(
        "algorithms {\n  Big = \"cp $input $output\"\n}\n",
        ":2: algorithms.Big: algorithm name" + rule + "Big\"");
  }
}
