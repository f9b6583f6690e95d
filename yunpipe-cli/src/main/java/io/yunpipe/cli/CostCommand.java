package io.yunpipe.cli;

import io.yunpipe.Cost;
import io.yunpipe.Pipeline;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a run has cost. */
@Command(
    name = "cost",
    sortOptions = false,
    description = "Shows what a run's committed jobs have cost so far, by list prices.")
final class CostCommand implements Callable<Integer> {
  @Mixin private RunArgument target = new RunArgument();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = target.open()) {
      Cost cost = target.attach(pipeline).cost();
      if (json) {
        JsonText.print(JsonText.cost(cost));
      } else {
        System.out.print(CostText.of(cost));
      }
      return ExitCode.OK;
    }
  }
}
