package io.yunpipe.cli;

import io.yunpipe.ConfigurationException;
import io.yunpipe.config.About;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import io.yunpipe.config.Description;
import io.yunpipe.config.Published;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.SharedCatalogue.Listed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The algorithms of this user, or of a shared catalogue, as a table or JSON. */
final class AlgorithmsList {
  private static final int PAGE = 1000;

  @Option(
      names = {"-w", "--workflow"},
      paramLabel = "FILE",
      description = "Looks beside this workflow file too.")
  private @Nullable Path workflow;

  @Option(names = "--shared", description = "Lists the shared catalogue.")
  private boolean shared;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private CatalogueOptions catalogue = new CatalogueOptions();

  private final List<Object> rows = new ArrayList<>();
  private int code = ExitCode.OK;

  int print() {
    Table table = shared ? ofShared() : ofUser();
    if (json) {
      JsonText.print(rows);
    } else if (rows.isEmpty()) {
      Messages.say(
          shared
              ? "Nothing is published yet; 'yunpipe algorithms publish NAME' does it."
              : "No algorithm is described yet; 'yunpipe describe' makes one.");
    } else {
      System.out.print(table);
    }
    return code;
  }

  private Table ofUser() {
    Catalogue own = workflow == null ? Catalogue.ofUser() : Catalogue.beside(workflow);
    Table table = new Table("NAME", "VERSION", "RUNS", "FILE");
    for (Map.Entry<String, Path> entry : own.list().entrySet()) {
      String runs = null;
      String version = null;
      try {
        Description read = AlgorithmFile.describe(entry.getValue());
        String text = read.algorithm().toString();
        runs = text.substring(text.indexOf(": ") + 2);
        version = read.about().version() == null ? null : read.about().version().text();
      } catch (ConfigurationException e) {
        bad(e);
      }
      table.add(
          entry.getKey(),
          version == null ? "-" : version,
          runs == null ? "?" : runs,
          entry.getValue());
      rows.add(
          JsonText.map(
              "name",
              entry.getKey(),
              "version",
              version,
              "runs",
              runs,
              "file",
              entry.getValue().toString()));
    }
    return table;
  }

  private Table ofShared() {
    Table table = new Table("NAME", "VERSION", "AUTHOR", "IMAGE", "DESCRIPTION");
    try (SharedCatalogue open = catalogue.open()) {
      List<Listed> all = new ArrayList<>();
      List<Listed> page = open.list("", PAGE);
      while (!page.isEmpty()) {
        all.addAll(page);
        page = page.size() < PAGE ? List.of() : open.list(page.get(PAGE - 1).name(), PAGE);
      }
      all.sort(Comparator.comparing(Listed::name));
      all.forEach(listed -> add(open, listed, table));
    }
    return table;
  }

  /** One that cannot be used hides no other. */
  private void add(SharedCatalogue open, Listed listed, Table table) {
    try {
      Published entry = open.get(listed.name(), listed.newest());
      About about = entry.description().about();
      table.add(listed.name(), listed.newest(), about.author(), entry.image(), about.description());
      Map<String, @Nullable Object> row = PublishedText.json(entry);
      row.put("versions", listed.versions());
      rows.add(row);
    } catch (ConfigurationException e) {
      bad(e);
      table.add(listed.name(), listed.newest(), "?", "?", "cannot be used");
    }
  }

  private void bad(ConfigurationException e) {
    Messages.error(String.valueOf(e.getMessage()));
    code = ExitCode.BAD_INPUT;
  }
}
