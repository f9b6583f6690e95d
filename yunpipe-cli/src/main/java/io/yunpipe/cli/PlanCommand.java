package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Plan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a submission would do. */
@Command(
    name = "plan",
    sortOptions = false,
    description =
        "Shows what a run would do and cost: jobs, bytes, commands, problems. Starts nothing.")
final class PlanCommand implements Callable<Integer> {
  @Mixin private InputArguments arguments = new InputArguments();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = arguments.open()) {
      Plan plan = pipeline.plan(arguments.inputs());
      if (json) {
        JsonText.print(JsonText.plan(plan));
      } else {
        System.out.print(text(plan));
      }
      plan.problems().forEach(Messages::error);
      return plan.problems().isEmpty() ? ExitCode.OK : ExitCode.BAD_INPUT;
    }
  }

  private static String text(Plan plan) {
    Table table = new Table("STAGE", "JOBS", "CPUS", "MEMORY", "RUNS");
    for (Plan.PlannedStage stage : plan.stages()) {
      long mib = stage.resources().memoryMib();
      table.add(
          stage.stage(),
          stage.jobs() < 0 ? "later" : stage.jobs(),
          cpus(stage.resources().cpus()),
          mib == 0 ? "-" : Messages.bytes(mib << 20),
          stage.runs());
    }
    return Messages.count(plan.inputs(), "input")
        + ", "
        + Messages.bytes(plan.bytes())
        + " to move\n"
        + table
        + (plan.estimate().prices().isEmpty() ? "" : "\n" + CostText.of(plan.estimate()));
  }

  private static String cpus(double cpus) {
    return cpus == Math.rint(cpus) ? String.valueOf((long) cpus) : String.valueOf(cpus);
  }
}
