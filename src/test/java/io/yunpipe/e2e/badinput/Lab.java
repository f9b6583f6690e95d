package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Failure;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.Progress;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A local backend with a folder of inputs and one for results beside it. */
final class Lab {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Path store;
  final Path inputs;
  final Path results;
  private final Path root;

  Lab(Path root) {
    this.root = root;
    store = root.resolve("store");
    inputs = root.resolve("inputs");
    results = root.resolve("results");
  }

  /** Starts a definition on this backend; without fsync, which no test here can tell. */
  PipelineBuilder pipeline() {
    return Pipeline.builder()
        .putSetting("yunpipe.local.directory", store.toString())
        .putSetting("yunpipe.local.fsync", "false");
  }

  /** Writes a file below the folder of inputs. */
  Path input(String name, String text) {
    return write(inputs.resolve(name), text);
  }

  /** Writes a pipeline file. */
  Path conf(String text) {
    return write(root.resolve("pipeline.conf"), text);
  }

  static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command of the command line on this backend. */
  Cli cli(Object... words) {
    Object[] all = new Object[words.length + 3];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--backend-dir";
    all[words.length + 1] = store;
    all[words.length + 2] = "-Dyunpipe.local.fsync=false";
    return Cli.run(all);
  }

  /** Waits for a run's end. */
  static RunStatus finish(Run run) throws InterruptedException {
    RunStatus status = run.await(Progress.none(), PATIENCE);
    assertThat(status.state().finished()).as("finished: %s", status).isTrue();
    return status;
  }

  /** Returns why jobs failed, by input. */
  static SortedMap<String, String> reasons(Run run) {
    return new TreeMap<>(
        run.failed().stream().collect(Collectors.toMap(Failure::input, Failure::reason)));
  }

  /** Downloads a finished run's results and returns their texts by path. */
  SortedMap<String, String> download(Run run) {
    run.download(results);
    return texts(results);
  }

  /** Asserts what a run has come to, in numbers. */
  static void assertCounts(RunStatus status, long succeeded, long failed) {
    assertThat(status.state()).isEqualTo(failed == 0 ? RunState.SUCCEEDED : RunState.FAILED);
    assertThat(status.done()).isEqualTo(succeeded + failed);
    assertThat(status.failed()).isEqualTo(failed);
    assertThat(status.total()).isEqualTo(succeeded + failed);
  }

  /** Returns the texts of all files below a folder, by path; nothing if there is no such folder. */
  static SortedMap<String, String> texts(Path folder) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (Path file : files(folder)) {
      try {
        texts.put(folder.relativize(file).toString(), Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  private static Iterable<Path> files(Path folder) {
    if (!Files.exists(folder)) {
      return java.util.List.of();
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asserts that the results shown in the backend's folder are these, and that nothing was left
   * over.
   */
  void assertWhole(Run run, Map<String, String> expected) {
    assertThat(texts(store.resolve("results").resolve(run.id()))).isEqualTo(expected);
    assertNothingLeftOver();
  }

  /** Asserts that no file of an attempt or an unfinished write is left; the pipeline is closed. */
  void assertNothingLeftOver() {
    assertThat(texts(store.resolve("scratch"))).isEmpty();
    assertThat(texts(store.resolve(".tmp"))).isEmpty();
    for (Path file : files(results)) {
      assertThat(file.getFileName().toString()).doesNotEndWith(".part");
    }
  }

  /** Asserts that nothing was even begun. */
  void assertNothingBegun() {
    assertThat(texts(store)).isEmpty();
    assertThat(texts(results)).isEmpty();
  }
}
