package io.yunpipe.cli;

import io.yunpipe.Engine;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the roles of a pipeline alone. */
@Command(
    name = "create-lambda-exec-role",
    sortOptions = false,
    description =
        "Makes the roles of a pipeline on AWS alone, in a stack of their own, after showing what"
            + " each may do: for an administrator, where those who run init may make no roles.")
final class CreateRolesCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask.")
  private boolean yes;

  @Override
  public Integer call() {
    Map<String, String> settings = workflow.settingsOnAws();
    String roles = Engine.get().roles(workflow.file(), settings);
    if (roles.isEmpty()) {
      Messages.error("This backend has no roles. Leave --backend out, or use --backend aws.");
      return ExitCode.BAD_INPUT;
    }
    System.out.print(RolesText.of(roles));
    SetUpWords words = new SetUpWords(yes);
    if (!Engine.get().createRoles(workflow.file(), settings, words)) {
      Messages.say("Nothing was changed.");
      return ExitCode.BAD_INPUT;
    }
    Messages.say(
        "The roles are there. Set yunpipe.aws.create-roles = false, and yunpipe init takes them as"
            + " they are. When stages or settings change, run this again before init.");
    return ExitCode.OK;
  }
}
