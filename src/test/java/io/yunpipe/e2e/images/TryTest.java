package io.yunpipe.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.Trial;
import io.yunpipe.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** One file through an image with the worker in it, added by hand as docs/worker.md tells. */
@Tag("docker")
@Timeout(180)
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "the worker runs on the Java of its image, whatever runs this")
class TryTest {
  private static final String JAVA = "yunpipe-test/java:1";

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Docker docker;
  private static String image;

  @BeforeAll
  static void addTheWorker() throws Exception {
    docker = Docker.with(shared, JAVA);
    Path programs = Path.of(System.getProperty("yunpipe.programs.jar"));
    assertThat(programs).exists();
    image = "yunpipe-test/by-hand:" + System.nanoTime();
    String container = docker.run("create", JAVA, "none");
    docker.run("cp", programs.toString(), container + ":/opt/yunpipe/programs.jar");
    docker.run(
        "commit",
        "--change",
        "ENTRYPOINT [\"/bin/worker\"]",
        "--change",
        "LABEL io.yunpipe.runner=by-hand",
        container,
        docker.made(image));
    docker.run("rm", container);
  }

  @AfterAll
  static void removeIt() {
    if (docker != null) {
      docker.close();
    }
  }

  private Path input(String text) throws Exception {
    return Files.writeString(folder.resolve("it's a.txt"), text);
  }

  private static Algorithm.Builder shell(String script) {
    return Algorithm.builder("upper")
        .image(image)
        .argv(java.util.List.of("sh", "-c", script, "upper", "$input", "$output"));
  }

  @Test
  void wrappedImage_runsByItsOwnWorker_asOnAws() throws Exception {
    Trial trial =
        shell("echo $1; tr a-z A-Z < \"$1\" > \"$2/out.txt\"; echo $SCALE")
            .variable("SCALE", "metric")
            .resources(new Resources(1, 700, 0, 0))
            .build()
            .tryOn(input("text"));
    assertThat(trial.succeeded()).as("%s: %s", trial.reason(), trial.log()).isTrue();
    assertThat(trial.log()).isEqualTo("/yunpipe/in/it's a.txt\nmetric\n");
    assertThat(trial.outputs()).containsExactly("out.txt");
    assertThat(trial.outputFolder().resolve("out.txt")).hasContent("TEXT");
    assertThat(trial.process())
        .containsSequence("--memory", "700m")
        .containsSequence("--network", "none")
        .containsSequence("--cap-drop", "ALL")
        .doesNotContain("--privileged", "--entrypoint");
  }

  @Test
  void failure_isTheAlgorithms() throws Exception {
    Trial trial =
        shell("echo no scale >&2; exit 7")
            .retry(io.yunpipe.RetryPolicy.of(3))
            .build()
            .tryOn(input("x"));
    assertThat(trial.succeeded()).isFalse();
    assertThat(trial.exitCode()).isEqualTo(7);
    assertThat(trial.reason()).contains("exited with code 7: no scale");
    Trial late = shell("sleep 60").timeout(Duration.ofSeconds(1)).build().tryOn(input("x"));
    assertThat(late.reason()).contains("did not finish within 1s (timeout)");
  }

  @Test
  void command_endsWithTheAlgorithmsCode_andShowsWhatItDid() throws Exception {
    Path described = folder.resolve("upper.conf");
    Files.writeString(
        described,
        "image = \"%s\"\ncommand = \"sh -c 'echo seen; exit 7' upper $input $output\""
            .formatted(image));
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code;
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      code = Main.execute(new String[] {"try", described.toString(), input("seen\n").toString()});
    } finally {
      System.setOut(out);
    }
    assertThat(code).isEqualTo(7);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains(
            "container    ",
            "limits       cpus 1.00, memory 2048m, pids-limit 4096, network none",
            "exit code    7",
            "log          seen",
            "result       failure: exited with code 7");
  }

  @Test
  void workerThatEndsWithoutAResult_isAnErrorWithItsWords() throws Exception {
    String broken =
        docker.derive(
            image + "-broken", image, "ENTRYPOINT [\"/bin/sh\", \"-c\", \"echo lost; exit 9\"]");
    assertThatThrownBy(() -> Algorithm.builder("upper").image(broken).build().tryOn(input("x")))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("Could not try upper: the worker in image ")
        .hasMessageEndingWith(" ended with code 9 and without a result. It said: lost");
  }
}
