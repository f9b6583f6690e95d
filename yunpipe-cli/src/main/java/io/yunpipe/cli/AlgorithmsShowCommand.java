package io.yunpipe.cli;

import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import io.yunpipe.config.Published;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows an algorithm. */
@Command(name = "show", sortOptions = false, description = "Shows an algorithm as JSON.")
final class AlgorithmsShowCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME[:VERSION]",
      description = "What to show; a version is looked for in the shared catalogue.")
  private String what = "";

  @Option(
      names = {"-w", "--workflow"},
      paramLabel = "FILE",
      description = "Looks beside this workflow file too.")
  private @Nullable Path workflow;

  @Option(names = "--shared", description = "Looks in the shared catalogue.")
  private boolean shared;

  @Option(names = "--history", description = "Lists all versions in the shared catalogue.")
  private boolean history;

  @Option(names = "--json", description = "With --history: prints JSON.")
  private boolean json;

  @Mixin private CatalogueOptions catalogue = new CatalogueOptions();

  @Override
  public Integer call() {
    AlgorithmChoice choice = AlgorithmChoice.of(what);
    if (!shared && !history && choice.version() == null) {
      return ofUser(choice.name());
    }
    try (SharedCatalogue open = catalogue.open()) {
      if (history) {
        printHistory(open, choice.name());
      } else {
        Published entry = choice.in(open);
        System.out.print(AlgorithmFile.json(entry.description()));
        Messages.say("from " + open.location() + ": " + PublishedText.place(entry));
        entry.test().ifPresent(test -> Messages.say("with the test file " + test.name()));
      }
    }
    return ExitCode.OK;
  }

  private int ofUser(String name) {
    Catalogue own = workflow == null ? Catalogue.ofUser() : Catalogue.beside(workflow);
    // Throws when there is none, saying where it was looked for.
    own.get(name);
    Path file = own.find(name).orElseThrow();
    System.out.print(AlgorithmFile.json(AlgorithmFile.describe(file)));
    Messages.say("from " + file);
    return ExitCode.OK;
  }

  private void printHistory(SharedCatalogue open, String name) {
    List<Version> versions = new ArrayList<>(open.versions(name));
    Collections.reverse(versions);
    if (versions.isEmpty()) {
      new AlgorithmChoice(name, null).in(open);
    }
    Table table = new Table("VERSION", "PUBLISHED", "AFTER", "IMAGE", "BASE");
    List<Object> rows = new ArrayList<>();
    for (Version version : versions) {
      Published entry = open.get(name, version);
      rows.add(PublishedText.json(entry));
      table.add(
          version,
          entry.published(),
          entry.previous().map(Object::toString).orElse("-"),
          entry.image(),
          entry.description().about().base());
    }
    if (json) {
      JsonText.print(rows);
    } else {
      System.out.print(table);
    }
  }
}
