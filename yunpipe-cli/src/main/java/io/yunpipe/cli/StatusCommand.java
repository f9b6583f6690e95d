package io.yunpipe.cli;

import io.yunpipe.Failure;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import io.yunpipe.StageStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a run's counts. */
@Command(
    name = "status",
    sortOptions = false,
    description = "Shows a run's counts per stage and state. Starts nothing.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();

  @Option(names = "--failures", description = "Lists the failed jobs, all of them.")
  private boolean failures;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = target.open()) {
      Run run = target.attach(pipeline);
      RunStatus status = run.status();
      List<Failure> failed = failures ? run.failed() : List.of();
      if (json) {
        Map<String, @Nullable Object> tree = JsonText.status(status);
        if (failures) {
          tree.put("failures", failed.stream().map(JsonText::failure).toList());
        }
        JsonText.print(tree);
      } else {
        System.out.print(text(status));
        if (!failed.isEmpty()) {
          System.out.print("\n" + table(failed));
        }
      }
      return ExitCode.of(status);
    }
  }

  static String text(RunStatus status) {
    Table table = new Table("STAGE", "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TOTAL");
    for (StageStatus stage : status.stages()) {
      table.add(
          stage.stage(),
          stage.pending(),
          stage.running(),
          stage.succeeded(),
          stage.failed(),
          stage.total());
    }
    return "run "
        + status.runId()
        + " of "
        + status.pipeline()
        + ": "
        + status.state().name().toLowerCase(Locale.ROOT)
        + (status.generation() > 1 ? ", generation " + status.generation() : "")
        + status.reason().map(reason -> " (" + reason + ")").orElse("")
        + "\n"
        + table;
  }

  private static Table table(List<Failure> failed) {
    Table table = new Table("STAGE", "INPUT", "EXIT", "ATTEMPTS", "REASON");
    for (Failure failure : failed) {
      table.add(
          failure.stage(),
          failure.input(),
          failure.exitCode(),
          failure.attempts(),
          failure.reason());
    }
    return table;
  }
}
