package io.yunpipe.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tags move; the jobs of a run do not notice. */
@Tag("docker")
@Timeout(120)
class ImagePinTest {
  @TempDir Path folder;

  @Test
  void run_usesTheImageOfItsSubmission_whenTheTagMovesMeanwhile() throws Exception {
    try (Docker docker = Docker.with(folder, Docker.BUSYBOX)) {
      String image = "yunpipe-test/moving:" + System.nanoTime();
      docker.derive(image, Docker.BUSYBOX, "ENV VERSION=first", "CMD []");
      String first = docker.run("image", "inspect", "--format", "{{.Id}}", image);
      String second = docker.derive(image + "-b", Docker.BUSYBOX, "ENV VERSION=second", "CMD []");
      Path inputs = Files.createDirectory(folder.resolve("in"));
      Files.writeString(inputs.resolve("a"), "1");
      Path store = folder.resolve("store");
      try (Pipeline pipeline =
          Pipeline.builder()
              .backend("local")
              .putSetting("yunpipe.local.directory", store.toString())
              .stage(
                  Algorithm.function(
                      "move",
                      (in, out) -> {
                        docker.run("tag", second, image);
                        out.write("moved", in.bytes());
                      }))
              .stage(
                  Algorithm.image("say", image, "sh -c 'echo $VERSION > $1/version' say $output"))
              .build()) {
        assertThat(version(pipeline, inputs, "one")).isEqualTo("first");
        assertThat(plan(store)).contains("\"image\":\"" + image + "\"", "\"" + first + "\"");
        assertThat(version(pipeline, inputs, "two")).isEqualTo("second");
      }
    }
  }

  private String version(Pipeline pipeline, Path inputs, String to) throws Exception {
    Run run = pipeline.submit(inputs);
    RunStatus status = run.await(RunListener.none(), Duration.ofSeconds(60));
    assertThat(status.state()).as("%s", run.failed()).isEqualTo(RunState.SUCCEEDED);
    run.download(folder.resolve(to));
    return Files.readString(folder.resolve(to).resolve("a/version")).strip();
  }

  /** Returns the run's record. */
  private static String plan(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      Path plan = files.filter(file -> file.endsWith("run.json")).findFirst().orElseThrow();
      return Files.readString(plan);
    }
  }
}
