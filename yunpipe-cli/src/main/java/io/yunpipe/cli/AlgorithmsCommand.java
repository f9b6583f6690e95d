package io.yunpipe.cli;

import io.yunpipe.ConfigurationException;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows described algorithms. */
@Command(
    name = "algorithms",
    sortOptions = false,
    description = "Lists described algorithms, or shows one of them as JSON.")
final class AlgorithmsCommand implements Callable<Integer> {
  /** What to do. */
  enum Verb {
    list,
    show
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VERB",
      description = "${COMPLETION-CANDIDATES}; default list.")
  private Verb verb = Verb.list;

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "What to show.")
  private @Nullable String name;

  @Option(
      names = {"-w", "--workflow"},
      paramLabel = "FILE",
      description = "Looks beside this workflow file too.")
  private @Nullable Path workflow;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Catalogue catalogue = workflow == null ? Catalogue.ofUser() : Catalogue.beside(workflow);
    if (verb == Verb.list) {
      return list(catalogue.list());
    }
    if (name == null) {
      throw new IllegalArgumentException("Say which: yunpipe algorithms show NAME");
    }
    // Throws when there is none, saying where it was looked for.
    catalogue.get(name);
    Path file = catalogue.find(name).orElseThrow();
    System.out.print(AlgorithmFile.json(AlgorithmFile.describe(file)));
    Messages.say("from " + file);
    return ExitCode.OK;
  }

  private int list(Map<String, Path> found) {
    Table table = new Table("NAME", "RUNS", "FILE");
    List<Object> rows = new ArrayList<>();
    int code = ExitCode.OK;
    for (Map.Entry<String, Path> entry : found.entrySet()) {
      String runs = "";
      try {
        String text = AlgorithmFile.read(entry.getValue()).toString();
        runs = text.substring(text.indexOf(": ") + 2);
      } catch (ConfigurationException e) {
        Messages.error(String.valueOf(e.getMessage()));
        code = ExitCode.BAD_INPUT;
      }
      table.add(entry.getKey(), runs.isEmpty() ? "?" : runs, entry.getValue());
      rows.add(
          JsonText.map(
              "name", entry.getKey(),
              "runs", runs.isEmpty() ? null : runs,
              "file", entry.getValue().toString()));
    }
    if (json) {
      JsonText.print(rows);
    } else if (found.isEmpty()) {
      Messages.say("No algorithm is described yet; 'yunpipe describe' makes one.");
    } else {
      System.out.print(table);
    }
    return code;
  }
}
