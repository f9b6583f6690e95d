package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends what costs while nothing runs. */
@Command(
    name = "park",
    sortOptions = false,
    description =
        "Ends workers and schedules, so that only stored data cost. Runs wait; init goes on.")
final class ParkCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Override
  public Integer call() {
    try (Pipeline pipeline = workflow.open()) {
      pipeline.park(new SetUpWords(true));
      Messages.say("Pipeline " + pipeline.name() + " is parked; yunpipe init goes on with it.");
      return ExitCode.OK;
    }
  }
}
