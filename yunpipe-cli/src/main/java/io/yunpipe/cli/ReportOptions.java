package io.yunpipe.cli;

import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command that waits for a run says what it sees. */
final class ReportOptions {
  @Option(names = "--json", description = "Prints the final status as JSON on standard output.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Shows no progress; failures are shown all the same.")
  private boolean quiet;

  boolean json() {
    return json;
  }

  /**
   * Waits for a run and says how it went.
   *
   * @param hint options with which other commands find the run; empty, or starting with a blank
   * @return the exit code
   */
  int watch(Run run, String hint) throws InterruptedException {
    return watch(run, hint, JsonText::status);
  }

  /**
   * Waits for a run, fetches its results and says how it went.
   *
   * @param hint options with which other commands find the run; empty, or starting with a blank
   * @param folder where the results go; null if they stay where they are
   * @return the exit code
   */
  int watchAndDownload(Run run, String hint, @Nullable Path folder) throws InterruptedException {
    return watch(
        run,
        hint,
        status -> {
          Long files = folder == null ? null : Downloads.download(run, folder);
          return Downloads.json(status, folder, files);
        });
  }

  private int watch(Run run, String hint, Function<RunStatus, Map<String, @Nullable Object>> end)
      throws InterruptedException {
    Watcher watcher = new Watcher(run, hint, Watcher.progress(quiet));
    RunStatus status = watcher.await();
    Map<String, @Nullable Object> report = end.apply(status);
    if (json) {
      JsonText.print(report);
    }
    return watcher.exitCode(status);
  }
}
