package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs failed jobs again. */
@Command(
    name = "retry",
    sortOptions = false,
    description = "Runs the failed jobs of a finished run again, and what depends on them.")
final class RetryCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where the results are downloaded to afterwards.")
  private @Nullable Path output;

  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return Interruption.during(this::execute);
  }

  private int execute() throws InterruptedException {
    try (Pipeline pipeline = target.open()) {
      Run run = target.attach(pipeline).retryFailed();
      return report.watchAndDownload(run, target.hint(), output);
    }
  }
}
