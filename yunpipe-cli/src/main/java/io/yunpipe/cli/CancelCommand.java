package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops a run. */
@Command(
    name = "cancel",
    sortOptions = false,
    description = "Stops a run: waiting jobs are dropped, running ones ended, results kept.")
final class CancelCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();

  @Override
  public Integer call() {
    try (Pipeline pipeline = target.open()) {
      Run run = target.attach(pipeline);
      RunStatus before = run.status();
      if (before.state().finished()) {
        Messages.say("Run " + run.id() + " is finished already: " + before.state() + ".");
        return ExitCode.OK;
      }
      run.cancel();
      Messages.say("Run " + run.id() + " is cancelled.");
      return ExitCode.OK;
    }
  }
}
