package io.yunpipe.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Failure;
import io.yunpipe.FailurePolicy;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Trial;
import io.yunpipe.Workflow;
import io.yunpipe.testkit.emulator.Child;
import io.yunpipe.testkit.emulator.Needs;
import io.yunpipe.testkit.emulator.Registry;
import io.yunpipe.wrap.Wrapped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A researcher's image, wrapped in a registry: pulled by others, run locally, tried as on AWS. */
@Tag("docker")
@Timeout(180)
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "what runs in containers is the same whatever runs this")
class WrappedImageTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static Docker docker;
  private static Registry registry;
  private static Wrapped wrapped;

  @BeforeAll
  static void wrap() throws Exception {
    docker = WrappedMeasure.docker(shared);
    registry = Registry.start(shared);
    wrapped = WrappedMeasure.in(registry, docker);
    docker.made(wrapped.pinned());
    docker.made(wrapped.image());
  }

  @AfterAll
  static void stop() {
    if (docker != null) {
      docker.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void otherPrograms_takeTheResultForAnImage() throws Exception {
    docker.run("pull", wrapped.pinned());
    String labels =
        docker.run("image", "inspect", "--format", "{{json .Config.Labels}}", wrapped.pinned());
    assertThat(labels).contains("\"io.yunpipe.algorithm\":\"measure\"", "\"io.yunpipe.runner\"");
    Path skopeo =
        Needs.program("skopeo", "YUNPIPE_TEST_SKOPEO", "skopeo", "apt-get install skopeo");
    Path copy = folder.resolve("copy");
    try (Child child =
        Child.start(
            folder.resolve("skopeo.log"),
            Map.of(),
            List.of(
                skopeo.toString(),
                "--insecure-policy",
                "copy",
                "--src-tls-verify=false",
                "docker://" + wrapped.image(),
                "oci:" + copy + ":1.0"))) {
      assertThat(child.exit(60)).as(child.text()).isZero();
    }
    assertThat(copy.resolve("index.json")).exists();
  }

  @Test
  void pipeline_throughTheWrappedImage_measuresPictures() throws Exception {
    Path pictures = Pictures.in(folder.resolve("pictures"));
    List<String> notes = new ArrayList<>();
    try (Pipeline pipeline = pipeline()) {
      Run run = pipeline.submit(pictures);
      RunStatus status = run.await(listener(notes), Duration.ofMinutes(2));
      assertThat(run.failed())
          .filteredOn(failure -> failure.stage().equals("measure"))
          .singleElement()
          .satisfies(
              failure ->
                  assertThat(failure)
                      .returns("truncated.jpg", Failure::input)
                      .returns(3, Failure::exitCode)
                      .returns(
                          "exited with code 3: truncated.jpg is no whole image: it ends before its"
                              + " end",
                          Failure::reason));
      assertThat(status.done()).isEqualTo(count(pictures) + 1);
      run.download(folder.resolve("results"));
      assertThat(Files.readAllLines(folder.resolve("results/table.jsonl")))
          .hasSize((int) count(pictures) - 1)
          .anyMatch(
              line ->
                  line.startsWith(
                      "{\"name\": \"well.png\", \"format\": \"png\", \"width\": 40, \"height\": 30,"))
          .anyMatch(line -> line.contains("\"format\": \"tiff\", \"width\": 10, \"height\": 20,"));
      assertThat(plan()).contains("\"imagePin\":\"" + wrapped.pinned() + "\"");
    }
  }

  private Pipeline pipeline() {
    Algorithm table =
        Algorithm.builder("table")
            .argv(
                List.of(
                    "sh",
                    "-c",
                    "find \"$1\" -type f -exec cat {} + > \"$2/table.jsonl\"",
                    "table",
                    "$input",
                    "$output"))
            .build();
    return Pipeline.builder()
        .backend("local")
        .putSetting("yunpipe.local.directory", folder.resolve("store").toString())
        .workflow(
            Workflow.of(
                List.of(
                    Stage.builder(WrappedMeasure.algorithm(wrapped.image())).build(),
                    Stage.builder(table)
                        .after("measure")
                        .gather(FailurePolicy.bestEffort())
                        .build())))
        .build();
  }

  private static RunListener listener(List<String> notes) {
    return new RunListener() {
      @Override
      public void onStatus(RunStatus status) {}

      @Override
      public void onNote(String note) {
        notes.add(note);
      }
    };
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private String plan() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
      return Files.readString(
          files.filter(file -> file.endsWith("run.json")).findFirst().orElseThrow());
    }
  }

  @Test
  void try_runsTheWorkerInTheImage() throws Exception {
    Path pictures = Pictures.in(folder.resolve("pictures"));
    Algorithm measure = WrappedMeasure.algorithm(wrapped.image());
    Trial trial = measure.tryOn(pictures.resolve("plate 1/well.png"));
    assertThat(trial.succeeded()).as("%s: %s", trial.reason(), trial.log()).isTrue();
    // The image's own variable reaches its program.
    assertThat(trial.log()).isEqualTo("measured 1 on metric scale\n");
    assertThat(trial.environment()).containsEntry("SCALE", "metric");
    assertThat(trial.outputFolder().resolve("measured.json"))
        .content()
        .startsWith("{\"name\": \"well.png\", \"format\": \"png\", \"width\": 40, \"height\": 30,");
    // The worker is root and starts the algorithm as nobody.
    Trial who =
        measure.toBuilder()
            .argv(List.of("sh", "-c", "id -u > \"$1/uid\"", "who", "$output"))
            .build()
            .tryOn(pictures.resolve("scan.jpg"));
    assertThat(who.outputFolder().resolve("uid")).hasContent("65534");
    Trial bad = measure.tryOn(pictures.resolve("truncated.jpg"));
    assertThat(bad.exitCode()).isEqualTo(3);
    assertThat(bad.log()).contains("truncated.jpg is no whole image");
  }

  @Test
  void try_runsAsTheUserOfTheImage_ifThatIsNotRoot() throws Exception {
    String image =
        docker.derive(
            "yunpipe-test/of-lab:" + System.nanoTime(), pulled(), "USER 12345:12346", "CMD []");
    Trial trial =
        WrappedMeasure.algorithm(image).toBuilder()
            .inputPath("/yunpipe/in")
            .outputPath("/yunpipe/out")
            .argv(
                List.of(
                    "sh", "-c", "id -u > $2/uid; cat \"$1\" > $2/copy", "w", "$input", "$output"))
            .build()
            .tryOn(Files.writeString(folder.resolve("a.txt"), "mine"));
    assertThat(trial.succeeded()).as("%s: %s", trial.reason(), trial.log()).isTrue();
    assertThat(trial.outputs()).containsExactlyInAnyOrder("uid", "copy");
    assertThat(trial.outputFolder().resolve("uid")).hasContent("12345");
    assertThat(trial.outputFolder().resolve("copy")).hasContent("mine");
    assertThat(trial.process()).doesNotContain("--cap-add", "--user");
  }

  private static String pulled() throws Exception {
    docker.run("pull", wrapped.pinned());
    return wrapped.pinned();
  }
}
