package io.yunpipe.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows which algorithms there are. */
@Command(name = "list", sortOptions = false, description = "Lists algorithms.")
final class AlgorithmsListCommand implements Callable<Integer> {
  @Mixin private AlgorithmsList list = new AlgorithmsList();

  @Override
  public Integer call() {
    return list.print();
  }
}
