package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits without waiting. */
@Command(
    name = "submit",
    sortOptions = false,
    description = "Hands inputs to the backend, prints the run's identifier and ends.")
final class SubmitCommand implements Callable<Integer> {
  @Mixin private InputArguments arguments = new InputArguments();

  @Mixin private RunTermsOptions terms = new RunTermsOptions();

  @Option(names = "--json", description = "Prints the status as JSON instead.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = arguments.open()) {
      Run run = pipeline.submit(arguments.inputs(), terms.options());
      if (json) {
        JsonText.print(JsonText.status(run.status()));
      } else {
        System.out.println(run.id());
      }
      Messages.say("watch: yunpipe watch " + run.id() + arguments.hint());
      return ExitCode.OK;
    }
  }
}
