package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.ConfigurationException;
import io.yunpipe.FailurePolicy;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Stage;
import io.yunpipe.Staging;
import io.yunpipe.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineFileTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<Stage> stages(String text) throws IOException {
    return Golden.load(write("p.conf", text)).definition().workflow().stages();
  }

  private void assertProblems(String text, String... problems) throws IOException {
    Path file = write("p.conf", text);
    assertThatThrownBy(() -> Golden.load(file))
        .isInstanceOf(ConfigurationException.class)
        .extracting(e -> ((ConfigurationException) e).problems(), list(String.class))
        .containsExactly(
            List.of(problems).stream()
                .map(problem -> file + (problem.startsWith(":") ? "" : ": ") + problem)
                .toArray(String[]::new));
  }

  @Nested
  class TheWholeSyntax {
    private final PipelineFile read = Golden.load(Golden.file("cells.conf"));
    private final PipelineDefinition definition = read.definition();

    private Stage stage(String name) {
      return definition.workflow().stages().stream()
          .filter(stage -> stage.name().equals(name))
          .findFirst()
          .orElseThrow();
    }

    @Test
    void pipeline_isRead() {
      assertThat(definition.name()).isEqualTo("cells");
      assertThat(definition.naming()).isEqualTo("yunpipe");
      assertThat(definition.zipResults()).isTrue();
      assertThat(definition.backend()).isNull();
      assertThat(definition.configuration()).isEqualTo(Golden.file("cells.conf"));
      assertThat(definition.settings()).isEmpty();
      assertThat(definition.workflow().stages())
          .extracting(Stage::name)
          .containsExactly("smooth", "pieces", "segment", "summary");
      assertThat(read.warnings()).isEmpty();
      assertThat(read.zipFolder()).isEmpty();
      assertThat(
              Settings.load(definition.configuration(), definition.settings())
                  .backendSettings("local"))
          .containsEntry("directory", "/data/yunpipe")
          .containsEntry("cpus", "4");
    }

    @Test
    void algorithm_onTheHost_isRead() {
      Algorithm smooth = stage("smooth").algorithm();
      assertThat(smooth.name()).isEqualTo("smooth");
      assertThat(smooth.argv())
          .containsExactly("java", "Smooth.java", "--sigma=$SIGMA", "$input", "$output");
      assertThat(smooth.image()).isEmpty();
      assertThat(smooth.variables())
          .containsExactlyInAnyOrder(
              new Variable("SIGMA", false, "1.10"),
              new Variable("SEED", true, null),
              new Variable("MODE", false, "fast"));
      assertThat(smooth.resources()).isEqualTo(new Resources(0.5, 512, 2048, 1));
      assertThat(smooth.timeout()).contains(Duration.ofMinutes(10));
      assertThat(smooth.retry())
          .isEqualTo(new RetryPolicy(4, Duration.ofSeconds(2), Duration.ofMinutes(1), 1.5));
      assertThat(smooth.successCodes()).isEqualTo(Set.of(0, 3));
      assertThat(smooth.outputMode()).isEqualTo(OutputMode.FOLDER);
      assertThat(smooth.baseFolder()).isEqualTo(Golden.file("cells.conf").getParent());
      assertThat(smooth.network()).isFalse();
    }

    @Test
    void algorithm_inAnImage_isRead() {
      Algorithm segment = stage("segment").algorithm();
      assertThat(segment.image()).contains("example.org/segment:1.10");
      assertThat(segment.argv())
          .containsExactly("segment", "--in", "$input", "an argument with blanks");
      assertThat(segment.inputPath()).isEqualTo("/in");
      assertThat(segment.outputPath()).isEqualTo("/out");
      assertThat(segment.executablePath()).contains("/usr/bin/segment");
      assertThat(segment.ports())
          .containsExactlyInAnyOrder(
              new Port(9090, "tcp"), new Port(53, "udp"), new Port(8080, "tcp"));
      assertThat(segment.retry()).isEqualTo(RetryPolicy.of(3));
      assertThat(segment.network()).isTrue();
      assertThat(segment.outputMode()).isEqualTo(OutputMode.FILE);
      assertThat(segment.stdin()).contains("names.txt");
      assertThat(segment.stdout()).contains("segment.txt");
      assertThat(segment.stderr()).contains("segment.err");
      Path model = Golden.file("cells.conf").resolveSibling("models/model.bin");
      assertThat(segment.staging())
          .containsExactly(
              Staging.text("names.txt", "a\nb\n"),
              new Staging("model.bin", Staging.Kind.FILE, model, null, true),
              Staging.folder("scratch"));
    }

    @Test
    void stages_areRead() {
      assertThat(stage("smooth").variables()).isEqualTo(Map.of("SEED", "007"));
      assertThat(stage("smooth").matrix()).isEqualTo(Map.of("SIGMA", List.of("0.5", "1.10")));
      assertThat(stage("pieces").after()).containsExactly("smooth");
      assertThat(stage("pieces").select()).isEqualTo("*.png");
      assertThat(stage("pieces").algorithm().argv())
          .containsExactly("split", "-n", "4", "$input", "$output/part");
      assertThat(stage("segment").kind()).isEqualTo(Stage.Kind.SCATTER);
      assertThat(stage("segment").ports()).containsExactly(new Port(9090, "tcp"));
      assertThat(stage("segment").keep()).contains(true);
      assertThat(stage("segment").resources()).isEqualTo(Resources.of(1, 4096));
      assertThat(stage("segment").instanceType()).contains("g5.2xlarge");
      assertThat(stage("summary").kind()).isEqualTo(Stage.Kind.GATHER);
      assertThat(stage("summary").failurePolicy()).isEqualTo(FailurePolicy.toleratePercent(5));
    }
  }

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

  @Nested
  class Zips {
    @Test
    void job_isRead() throws IOException {
      PipelineFile read =
          Golden.load(
              write(
                  "blur.conf",
                  """
                  zip {
                    folder = project
                    command = [bash, -c, "make && ./blur"]
                    output = out/blurred.png
                    remove-local = true
                    resources { memory = 1 GiB }
                    timeout = 1h
                  }
                  """));
      Algorithm algorithm = read.definition().workflow().stages().get(0).algorithm();
      assertThat(algorithm.name()).isEqualTo("blur");
      assertThat(algorithm.argv()).containsExactly("bash", "-c", "make && ./blur");
      assertThat(algorithm.zippedOutput()).contains("out/blurred.png");
      assertThat(algorithm.zippedExtension()).isEqualTo(".png");
      assertThat(algorithm.resources().memoryMib()).isEqualTo(1024);
      assertThat(algorithm.timeout()).contains(Duration.ofHours(1));
      assertThat(read.zipFolder()).contains(folder.resolve("project"));
      assertThat(read.removeLocalZip()).isTrue();
    }

    @Test
    void extension_isThatOfTheOutputUnlessSet() throws IOException {
      assertThat(extension("output = a.b/result")).isEmpty();
      assertThat(extension("output = result.tar.gz, extension = .tar.gz")).isEqualTo(".tar.gz");
    }

    private String extension(String keys) throws IOException {
      return stages("zip { command = ls, " + keys + " }").get(0).algorithm().zippedExtension();
    }

    @Test
    void output_missingOrOutside_isRefused() throws IOException {
      assertProblems(
          "zip { command = ls }",
          ":1: zip: output is not set; name the file that the command writes in the unzipped folder");
      assertProblems(
          "zip { command = ls, output = ../x.png }",
          ":1: zip.output: expected a path inside the unzipped folder, but found \"../x.png\"");
    }

    @Test
    void zip_besideAProcess_isRefused() throws IOException {
      assertProblems(
          "algorithms { a = ls }\nprocess { type = single_run, algorithms = [a] }\nzip { command = ls, output = x }",
          ":3: zip: is set together with process; use one of them");
    }
  }

  @Nested
  class Lookup {
    @Test
    void algorithms_besideTheWorkflow_comeBeforeThoseOfTheUser() throws IOException {
      Path home = folder.resolve("home");
      for (String place : List.of("", "algorithms/", "home/.yunpipe/algorithms/")) {
        for (String name : List.of("a", "b", "c")) {
          boolean there =
              place.isEmpty() ? name.equals("a") : !place.startsWith("algo") || !name.equals("c");
          if (there) {
            write(
                place + name + ".json",
                "{\"name\": \"" + name + "\", \"run_command\": \"" + place + "x\"}");
          }
        }
      }
      write(
          "home/.cloud_pipe/algorithms/d_info.json", "{\"name\": \"d\", \"run_command\": \"old\"}");
      Path file = write("p.conf", "process { type = sequence_run, algorithms = [a, b, c, d] }");
      assertThat(Golden.load(file, home).definition().workflow().stages())
          .extracting(stage -> stage.algorithm().argv().get(0))
          .containsExactly("x", "algorithms/x", "home/.yunpipe/algorithms/x", "old");
    }

    @Test
    void algorithm_inItsOwnFile_isReadInOurWordsToo() throws IOException {
      write("algorithms/a.conf", "command = \"java A.java $input\"\ntimeout = 5s");
      Algorithm algorithm =
          stages("process { type = single_run, algorithms = [a] }").get(0).algorithm();
      assertThat(algorithm.timeout()).contains(Duration.ofSeconds(5));
      assertThat(algorithm.baseFolder()).isEqualTo(folder.resolve("algorithms"));
    }

    @Test
    void problems_inThatFile_areReportedWithItsNameAndLine() throws IOException {
      Path wrong = write("algorithms/a.conf", "name = b\ncommand = ls\ntimeout = 5");
      Path file = write("p.conf", "process { type = sequence_run, algorithms = [a, a] }\nfoo = 1");
      assertThatThrownBy(() -> Golden.load(file))
          .hasMessage(
              "Configuration "
                  + file
                  + " has 3 problems:"
                  + "\n  - "
                  + wrong
                  + ":1: name: expected a, as the algorithm is called here, but found b"
                  + "\n  - "
                  + wrong
                  + ":3: timeout: expected a duration such as 30s, 5m or 2h, but found \"5\""
                  + "\n  - "
                  + file
                  + ":2: unknown key 'foo'");
    }

    @Test
    void name_thatIsAPath_isNotFollowed() throws IOException {
      write("secret.conf", "command = ls");
      Files.createDirectories(folder.resolve("sub"));
      Path file =
          write("sub/p.conf", "process { type = single_run, algorithms = [\"../secret\"] }");
      assertThatThrownBy(() -> Golden.load(file))
          .hasMessageContaining("no algorithm is named '../secret'");
    }
  }

  @Test
  void nothing_toRun_isRefused() throws IOException {
    assertProblems(
        "name = x",
        ":1: nothing to run; set process { type, algorithms }, stages [ … ] or zip { … }");
    assertProblems(
        "algorithms { a = ls, b = ls }",
        ":1: nothing to run; set process { type, algorithms }, stages [ … ] or zip { … }");
  }

  @Test
  void path_thatIsNone_isAProblem() throws IOException {
    assertProblems(
        "zip { command = ls, output = x, folder = \"a\\u0000b\" }",
        ":1: zip.folder: Nul character not allowed: a\0b");
  }

  @Test
  void define_isFreeForSubstitutions() throws IOException {
    List<Stage> stages =
        stages(
            "define { java = \"java -Xmx1g\" }\nalgorithms { a = ${define.java}\" A.java $input\" }");
    assertThat(stages.get(0).algorithm().argv())
        .containsExactly("java", "-Xmx1g", "A.java", "$input");
  }

  @Test
  void algorithm_alone_isAPipelineOfOneStage() throws IOException {
    assertThat(stages("command = \"ls $input\"\nname = list"))
        .extracting(Stage::name)
        .containsExactly("list");
  }
}
