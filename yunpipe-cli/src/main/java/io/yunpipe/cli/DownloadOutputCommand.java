package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches the output of a zipped job. */
@Command(
    name = "download-output",
    sortOptions = false,
    description = "Downloads the output of a zipped job and prints its path.")
final class DownloadOutputCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "The zip's name in the store, or the output's, as list shows it.")
  private String name = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "The folder; made if missing; default the current one.")
  private Path output = Path.of("");

  @Override
  public Integer call() {
    try (Pipeline pipeline = workflow.open()) {
      System.out.println(pipeline.downloadOutput(output, name));
      return ExitCode.OK;
    }
  }
}
