package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.SetUp;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sets up what a pipeline needs. */
@Command(
    name = "init",
    sortOptions = false,
    description =
        "Sets up what a pipeline needs at its backend, after showing it. Does nothing twice, and"
            + " goes on with what was interrupted.")
final class InitCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask.")
  private boolean yes;

  @Option(names = "--preview", description = "Only shows what would change.")
  private boolean preview;

  @Option(names = "--json", description = "Prints the changes as JSON; with --preview only.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = workflow.open()) {
      if (preview) {
        SetUp setUp = pipeline.preview();
        if (json) {
          JsonText.print(JsonText.setUp(setUp));
        } else {
          System.out.print(SetUpWords.text(setUp));
        }
        return ExitCode.OK;
      }
      SetUpWords words = new SetUpWords(yes);
      pipeline.init(words);
      if (words.refused()) {
        Messages.say("Nothing was changed.");
        return ExitCode.BAD_INPUT;
      }
      Messages.say("Pipeline " + pipeline.name() + " is ready.");
      return ExitCode.OK;
    }
  }
}
