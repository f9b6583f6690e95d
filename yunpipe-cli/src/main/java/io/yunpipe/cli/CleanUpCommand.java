package io.yunpipe.cli;

import io.yunpipe.CleanUp;
import io.yunpipe.Pipeline;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what a pipeline set up. */
@Command(
    name = "clean-up",
    sortOptions = false,
    description = "Removes what a pipeline set up, then lists what is gone and what is kept.")
final class CleanUpCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Option(names = "--empty", description = "Removes the pipeline's runs and results as well.")
  private boolean empty;

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask before it removes results.")
  private boolean yes;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = workflow.open()) {
      if (empty && !yes) {
        String question = "Remove all runs and results of " + pipeline.name() + "?";
        if (!new Questions(System.in).yesOrNo(question, false)) {
          Messages.say("Nothing was removed.");
          return ExitCode.BAD_INPUT;
        }
      }
      CleanUp done =
          pipeline.cleanUp(
              empty ? CleanUp.Mode.EMPTY : CleanUp.Mode.KEEP_DATA, new SetUpWords(true));
      if (json) {
        JsonText.print(JsonText.map("removed", done.removed(), "kept", done.kept()));
      } else {
        done.removed().forEach(removed -> System.out.println("removed  " + removed));
        done.kept().forEach(kept -> System.out.println("kept     " + kept));
      }
      return ExitCode.OK;
    }
  }
}
