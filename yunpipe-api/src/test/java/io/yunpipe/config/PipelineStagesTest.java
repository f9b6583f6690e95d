package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.FailurePolicy;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineStagesTest extends PipelineFiles {
  @Nested
  class Processes {
    private static final String ALGORITHMS =
        "algorithms { a = \"ls $input\", b = \"ls $input\", c = \"ls $input\" }\n";

    @Test
    void oneAlgorithm_needsNoMoreWords() throws IOException {
      Path file = write("My Cells_2.conf", "algorithms { a = ls }");
      PipelineDefinition definition = Golden.load(file).definition();
      assertThat(definition.name()).isEqualTo("my-cells-2");
      assertThat(definition.naming()).isEqualTo("plain");
      assertThat(definition.workflow().stages()).extracting(Stage::name).containsExactly("a");
    }

    @Test
    void sequenceRun_chainsAndNamesRepeatedAlgorithmsApart() throws IOException {
      List<Stage> stages =
          stages(ALGORITHMS + "process { type = sequence_run, algorithms = [a, b, a, a] }");
      assertThat(stages).extracting(Stage::name).containsExactly("a", "b", "a-2", "a-3");
      assertThat(stages)
          .extracting(Stage::after)
          .containsExactly(List.of(), List.of("a"), List.of("b"), List.of("a-2"));
    }

    @Test
    void oneToAll_givesEveryInputToAll() throws IOException {
      List<Stage> stages =
          stages(ALGORITHMS + "process { type = one_to_all, algorithms = [a, b] }");
      assertThat(stages).extracting(Stage::after).containsExactly(List.of(), List.of());
    }

    @Test
    void allToOne_gathersInTheLast() throws IOException {
      List<Stage> stages =
          stages(
              ALGORITHMS
                  + "process { type = all_to_one, algorithms = [a, b, c], gather = best-effort }");
      assertThat(stages.get(2).after()).containsExactly("a", "b");
      assertThat(stages.get(2).kind()).isEqualTo(Stage.Kind.GATHER);
      assertThat(stages.get(2).failurePolicy()).isEqualTo(FailurePolicy.bestEffort());
    }

    @ParameterizedTest
    @CsvSource({"'[]',0", "'[a, b]',2"})
    void singleRun_ofOtherThanOne_isRefused(String algorithms, int count) throws IOException {
      assertProblems(
          ALGORITHMS + "process {\n type = single_run\n algorithms = " + algorithms + "\n}",
          ":4: process.algorithms: single_run takes exactly one algorithm, but found "
              + count
              + "; use sequence_run to run several in order");
    }

    @Test
    void type_unknown_isRefused() throws IOException {
      assertProblems(
          ALGORITHMS + "process {\n type = sequence-run\n algorithms = [a]\n}",
          ":3: process.type: expected one of single_run, sequence_run, one_to_all, all_to_one, but found"
              + " \"sequence-run\"; did you mean 'sequence_run'?");
      assertProblems(
          ALGORITHMS + "process {\n algorithms = [a]\n}",
          ":2: process: type is not set; expected one of single_run, sequence_run, one_to_all, all_to_one");
      assertProblems(
          ALGORITHMS + "process {\n type = sequence_run\n}",
          ":2: process.algorithms: expected at least one algorithm");
    }

    @Test
    void variables_areAWhiteList_andPortsToo() throws IOException {
      assertProblems(
          """
          algorithms { a { command = ls, variables { X { required = true }, Y = 1 }, ports = [80] } }
          process {
            type = one_to_all
            algorithms = [
              { name = a, variables { Z = 1 } }
              { name = a, variables { X = 1 }, port = [{ port = 81, protocol = tcp }] }
            ]
          }
          """,
          ":5: stage 'a': unknown variable Z; algorithm 'a' has X, Y",
          ":5: stage 'a': required variable X is not set",
          ":6: stage 'a-2': port 81/tcp is not listed by algorithm 'a'");
    }
  }

  @Nested
  class Gathers {
    @ParameterizedTest
    @ValueSource(strings = {"true", "{}", "\"tolerate 0\"", "{ tolerate = 0 }"})
    void usual_toleratesNone(String gather) throws IOException {
      assertThat(policy(gather)).isEqualTo(FailurePolicy.tolerate(0));
    }

    @Test
    void policies_areRead() throws IOException {
      assertThat(policy("fail-fast")).isEqualTo(FailurePolicy.failFast());
      assertThat(policy("{ fail-fast = true }")).isEqualTo(FailurePolicy.failFast());
      assertThat(policy("best-effort")).isEqualTo(FailurePolicy.bestEffort());
      assertThat(policy("{ best-effort = true }")).isEqualTo(FailurePolicy.bestEffort());
      assertThat(policy("tolerate 3")).isEqualTo(FailurePolicy.tolerate(3));
      assertThat(policy("tolerate 2.5 %")).isEqualTo(FailurePolicy.toleratePercent(2.5));
      assertThat(policy("{ tolerate = 10% }")).isEqualTo(FailurePolicy.toleratePercent(10));
    }

    @Test
    void policies_thatAreNone_areProblems() throws IOException {
      String start = "algorithms { a = ls }\nstages = [ { algorithm = a, gather = ";
      assertProblems(
          start + "sometimes } ]",
          ":2: stages[0].gather: expected true, fail-fast, best-effort, \"tolerate 3\" or \"tolerate 5%\", but found \"sometimes\"");
      assertProblems(
          start + "tolerate 101% } ]",
          ":2: stages[0].gather: tolerated percent must be 0 to 100, but was 101.0");
      assertProblems(
          start + "tolerate some } ]",
          ":2: stages[0].gather: expected a number of jobs or a share such as 5%, but found \"some\"");
      assertProblems(
          start + "{ tolerate = 1, fail-fast = true } } ]",
          ":2: stages[0].gather: expected one of tolerate, fail-fast and best-effort");
    }

    private FailurePolicy policy(String gather) throws IOException {
      Stage stage =
          stages("algorithms { a = ls }\nstages = [ { algorithm = a, gather = " + gather + " } ]")
              .get(0);
      assertThat(stage.kind()).isEqualTo(Stage.Kind.GATHER);
      return stage.failurePolicy();
    }
  }

  @Nested
  class Stages {
    @Test
    void grouping_andJoin_areRead() throws IOException {
      List<Stage> stages =
          stages(
              """
              algorithms { a = ls, b = ls }
              stages = [
                { name = a, group-by = "(.*)_R[12].fq", group-size = 2 }
                { name = b1, algorithm = b, after = a }
                { name = b2, algorithm = b, after = a, gather = false }
                { name = both, algorithm = a, after = [b1, b2], join = true, keep = no }
              ]
              """);
      assertThat(stages.get(0).groupBy().orElseThrow().pattern()).isEqualTo("(.*)_R[12].fq");
      assertThat(stages.get(0).groupSize()).isEqualTo(2);
      assertThat(stages.get(2).kind()).isEqualTo(Stage.Kind.EACH);
      assertThat(stages.get(3).kind()).isEqualTo(Stage.Kind.JOIN);
      assertThat(stages.get(3).keep()).contains(false);
    }

    @Test
    void graph_withCycleOrDanglingEdge_isRefusedAtTheStage() throws IOException {
      assertProblems(
          """
          algorithms { a = ls }
          stages = [
            { name = x, algorithm = a, after = y }
            { name = y, algorithm = a, after = z }
          ]
          """,
          ":4: stage 'y': it comes after 'z', which does not exist; stages are [x, y]");
      assertProblems(
          """
          algorithms { a = ls }
          stages = [
            { name = x, algorithm = a, after = y }
            { name = y, algorithm = a, after = x }
          ]
          """,
          ":2: stages form a cycle: x after y after x");
      assertProblems(
          "algorithms { a = ls }\nstages = [ { algorithm = a }, { algorithm = a } ]",
          ":2: two stages are named 'a'; names must be unique");
    }

    @Test
    void problems_ofEverything_areReportedAtOnce() throws IOException {
      assertProblems(
          """
          name = My Cells
          naming = mine
          backedn = local
          algorithms {
            Smooth { command = "ls 'x" }
            segment {
              imgae = x
              command = ls
              timeout = 0s
              retry = 0
              success-codes = [256]
              output = both
              resources { cpus = -1 }
              ports = [99999]
              input-path = in
              staging = [ { path = "../x", text = y }, { path = z } ]
              variables { input = 1 }
            }
            nothing {}
          }
          stages = [
            { name = one, algorithm = segmnet, scatter = true, join = true }
            { name = B, algorithm = other, group-by = x, matrix { X = [] } }
            { after = one, group-size = 2, colour = red }
          ]
          yunpipe.bakend = local
          """,
          ":1: name: pipeline name must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but was \"My Cells\"",
          ":2: naming: naming must be plain or yunpipe, but was \"mine\"",
          ":3: unknown key 'backedn'; did you mean 'backend'?",
          ":5: algorithms.Smooth.name: algorithm name must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but was \"Smooth\"",
          ":5: algorithms.Smooth.command: command cannot be split: a single quote is not closed at character 4: ls 'x",
          ":7: unknown key 'algorithms.segment.imgae'; did you mean 'image'?",
          ":9: algorithms.segment.timeout: timeout must be positive, but was PT0S",
          ":10: algorithms.segment.retry: attempts must be 1 to 100, but was 0",
          ":11: algorithms.segment.success-codes: successCodes must be one or more of 0 to 255, but was [256]",
          ":12: algorithms.segment.output: expected folder or file, but found \"both\"",
          ":13: algorithms.segment.resources: cpus must be more than 0 and at most 1024, but was -1.0",
          ":14: algorithms.segment.ports[0]: port must be 1 to 65535, but was 99999",
          ":15: algorithms.segment.input-path: inputPath must be an absolute folder in the container, but was \"in\"",
          ":16: algorithms.segment.staging[0].path: staging path must lie inside the working folder or be absolute, but was \"../x\"",
          ":16: algorithms.segment.staging[1]: expected path and one of file, text and folder = true",
          ":17: algorithms.segment.variables.input: variable name \"input\" is taken by yunpipe",
          ":19: algorithms.nothing: nothing to run; set command or image",
          ":22: stages[0].algorithm: no algorithm is named 'segmnet'; did you mean 'segment'? Looked among those of this file (Smooth, segment, nothing) and for "
              + looked("segmnet"),
          ":22: stages[0]: expected at most one of scatter, gather and join",
          ":23: stages[1].algorithm: no algorithm is named 'other'. Looked among those of this file (Smooth, segment, nothing) and for "
              + looked("other"),
          ":23: stages[1].name: stage name must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but was \"B\"",
          ":23: stages[1].group-by: groupBy needs one (group) in its pattern and a size of 0 or at least 2, but was x and 0",
          ":23: stages[1].matrix.X: matrix of X must have values, each once, but was []",
          ":24: stages[2]: algorithm is not set",
          ":24: stages[2].group-size: is set without group-by",
          ":24: unknown key 'stages[2].colour'",
          ":26: unknown setting 'yunpipe.bakend'; did you mean 'yunpipe.backend'?");
    }

    private String looked(String name) {
      return "DIR/NAME{.json,.conf}, DIR/algorithms/NAME{.json,.conf}, DIR/no-home/.yunpipe/algorithms/NAME{.json,.conf,_info.json}, DIR/no-home/.cloud_pipe/algorithms/NAME_info.json"
          .replace("DIR", folder.toString())
          .replace("NAME", name);
    }
  }
}
