package io.yunpipe.cli;

import io.yunpipe.RunStatus;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows all runs. */
@Command(
    name = "runs",
    sortOptions = false,
    description = "Lists runs, newest first: of a workflow (-w), or all of the configured backend.")
final class RunsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<RunStatus> runs = store.runs();
    if (json) {
      JsonText.print(runs.stream().map(JsonText::status).toList());
      return ExitCode.OK;
    }
    Table table = new Table("RUN", "PIPELINE", "STATE", "DONE", "FAILED", "TOTAL", "SUBMITTED");
    for (RunStatus run : runs) {
      table.add(
          run.runId(),
          run.pipeline(),
          run.state().name().toLowerCase(Locale.ROOT),
          run.done(),
          run.failed(),
          run.total(),
          TIME.format(run.submitted()));
    }
    System.out.print(table);
    return ExitCode.OK;
  }
}
