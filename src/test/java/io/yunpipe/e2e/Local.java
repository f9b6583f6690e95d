package io.yunpipe.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.StageStatus;
import io.yunpipe.Workflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the tests share: pipelines on a directory, shell algorithms, and trees of files as maps. */
final class Local {
  /** Longer than any run here takes on a busy machine. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Local() {}

  /** Starts a pipeline on a directory, with four cores whatever the machine has. */
  static PipelineBuilder pipeline(Path directory) {
    return Pipeline.builder()
        .backend("local")
        .putSetting("yunpipe.local.directory", directory.toString())
        .putSetting("yunpipe.local.cpus", "4")
        .putSetting("yunpipe.local.fsync", "false");
  }

  static Pipeline pipeline(Path directory, Workflow workflow) {
    return pipeline(directory).workflow(workflow).build();
  }

  /**
   * Returns a shell script as an algorithm; {@code $1} is its input, {@code $2} its output folder.
   */
  static Algorithm shell(String name, String script) {
    return shellBuilder(name, script).build();
  }

  static Algorithm.Builder shellBuilder(String name, String script) {
    return Algorithm.builder(name).argv(List.of("sh", "-c", script, "sh", "$input", "$output"));
  }

  /** Copies the input and adds a word, so that each file tells its way. */
  static Algorithm adding(String word) {
    return shell(word, "(cat \"$1\"; printf '" + word + " ') > \"$2/out.txt\"");
  }

  static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes {@code f00.txt}, {@code f01.txt} … each with its own name and a blank in it. */
  static Path files(Path folder, int count) {
    IntStream.range(0, count)
        .mapToObj(number -> "f%02d".formatted(number))
        .forEach(name -> write(folder.resolve(name + ".txt"), name + " "));
    return folder;
  }

  /** Returns the text of all files below a folder, by their paths; empty if there is no folder. */
  static Map<String, String> tree(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          texts.put(folder.relativize(path).toString(), Files.readString(path));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  static RunStatus finish(Run run) throws InterruptedException {
    RunStatus status = run.await(RunListener.none(), PATIENCE);
    assertThat(status.state().finished())
        .as(
            "run is finished within %s; its status is %s, its failures %s",
            PATIENCE, status, run.failed())
        .isTrue();
    return status;
  }

  static RunStatus succeed(Run run) throws InterruptedException {
    RunStatus status = finish(run);
    assertThat(status.state())
        .as("status %s, failures %s", status, run.failed())
        .isEqualTo(RunState.SUCCEEDED);
    return status;
  }

  static StageStatus stage(RunStatus status, String name) {
    return status.stages().stream()
        .filter(stage -> stage.stage().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
