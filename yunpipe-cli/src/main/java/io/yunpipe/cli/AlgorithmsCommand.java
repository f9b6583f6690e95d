package io.yunpipe.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows and shares described algorithms. */
@Command(
    name = "algorithms",
    sortOptions = false,
    description = "Lists described algorithms (the default), shows, publishes and gets them.",
    subcommands = {
      AlgorithmsListCommand.class,
      AlgorithmsShowCommand.class,
      AlgorithmsPublishCommand.class,
      AlgorithmsGetCommand.class
    })
final class AlgorithmsCommand implements Callable<Integer> {
  @Mixin private AlgorithmsList list = new AlgorithmsList();

  @Override
  public Integer call() {
    return list.print();
  }
}
