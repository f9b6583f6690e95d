package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Follows a run. */
@Command(
    name = "watch",
    sortOptions = false,
    description =
        "Shows a run's progress until it is finished; with the local backend it also works on it.")
final class WatchCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();
  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return Interruption.during(this::execute);
  }

  private int execute() throws InterruptedException {
    try (Pipeline pipeline = target.open()) {
      return report.watch(target.attach(pipeline), target.hint());
    }
  }
}
