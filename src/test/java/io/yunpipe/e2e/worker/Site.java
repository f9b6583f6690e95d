package io.yunpipe.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.ResultFile;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunStatus;
import io.yunpipe.local.LocalBackendProvider;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A directory that a submitting program and workers share. */
final class Site {
  static final String PIPELINE = "shared";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final Path temp;

  Site(Path temp) {
    this.temp = temp;
  }

  /** Starts to describe a pipeline whose program does no work itself. */
  PipelineBuilder pipeline() {
    return Pipeline.builder()
        .name(PIPELINE)
        .backend(new Idle())
        .putSetting("yunpipe.local.directory", store().toString())
        .putSetting("yunpipe.local.fsync", "false");
  }

  Path store() {
    return temp.resolve("store");
  }

  /**
   * Returns a shell script as an algorithm; {@code $1} is its input, {@code $2} its output folder.
   */
  static Algorithm.Builder shell(String name, String script) {
    return Algorithm.builder(name).argv(List.of("sh", "-c", script, "sh", "$input", "$output"));
  }

  /** Returns the settings of a worker; pairs on top. */
  Map<String, String> settings(String stage, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("YUNPIPE_BACKEND", "local");
    settings.put("YUNPIPE_LOCAL_DIRECTORY", store().toString());
    settings.put("YUNPIPE_LOCAL_FSYNC", "false");
    settings.put("YUNPIPE_PIPELINE", PIPELINE);
    settings.put("YUNPIPE_STAGE", stage);
    settings.put("YUNPIPE_IDLE", "1s");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  WorkerProgram worker(String stage, String... more) throws IOException {
    return WorkerProgram.start(temp.resolve("worker.log"), settings(stage, more));
  }

  Backend backend() {
    return new LocalBackendProvider()
        .open(
            new BackendContext(
                PIPELINE,
                Map.of("directory", store().toString(), "fsync", "false"),
                Map.of(),
                Clock.systemUTC()));
  }

  Path inputs(int count) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("in"));
    for (int i = 0; i < count; i++) {
      Files.writeString(folder.resolve("f%03d".formatted(i)), "input " + i);
    }
    return folder;
  }

  /** Waits until a job has made a file, which tells that it runs. */
  void awaitFile(String name) {
    Awaitility.await(name).atMost(PATIENCE).until(() -> Files.exists(temp.resolve(name)));
  }

  static RunStatus finish(Run run) throws InterruptedException {
    RunStatus status = run.await(RunListener.none(), PATIENCE);
    assertThat(status.state().finished()).as("finished: %s", status).isTrue();
    return status;
  }

  static List<JobResult> results(Run run) {
    try (Stream<JobResult> results = run.results()) {
      return results.toList();
    }
  }

  static String text(ResultFile file) {
    return new String(file.read(0, (int) file.size()), StandardCharsets.UTF_8);
  }
}
