package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.FailurePolicy;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Stage;
import io.yunpipe.Staging;
import io.yunpipe.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PipelineFileTest extends PipelineFiles {
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
