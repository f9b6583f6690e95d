package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fetches results. */
@Command(
    name = "download",
    sortOptions = false,
    description = "Downloads the results that are there, verified against their checksums.")
final class DownloadCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder; made if missing. Files that are there and equal are left.")
  private Path output = Path.of("");

  @Option(names = "--json", description = "Prints status, folder and number of files as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = target.open()) {
      Run run = target.attach(pipeline);
      long files = Downloads.download(run, output);
      RunStatus status = run.status();
      if (json) {
        JsonText.print(Downloads.json(status, output, files));
      }
      if (!status.state().finished()) {
        Messages.say("The run is not finished; more results may come.");
      }
      return ExitCode.OK;
    }
  }
}
