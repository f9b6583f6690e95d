package io.yunpipe.cli;

import io.yunpipe.RunListener;
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

  RunListener progress() {
    return Watcher.progress(quiet);
  }
}
