package io.yunpipe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Does a small run, so that a Java runtime that archives the classes it has loaded (as the launcher
 * has it do once) knows those that every run needs.
 */
@Command(name = "warm-up", hidden = true, description = "Does a small run in a temporary folder.")
final class WarmUpCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("yunpipe-warm-up-");
    try {
      Path workflow = folder.resolve("warm-up.conf");
      Files.writeString(
          workflow,
          """
          name = warm-up
          algorithms { copy { command = "cp $input $output/" } }
          stages = [ { name = copy }, { name = again, algorithm = copy, after = [copy] } ]
          """);
      Path input = Files.writeString(folder.resolve("input.txt"), "warm");
      return Main.execute(
          "run",
          workflow.toString(),
          input.toString(),
          "--json",
          "-o",
          folder.resolve("results").toString(),
          "--backend-dir",
          folder.resolve("store").toString());
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
