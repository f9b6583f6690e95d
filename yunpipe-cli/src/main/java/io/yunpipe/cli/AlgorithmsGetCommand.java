package io.yunpipe.cli;

import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import io.yunpipe.config.Description;
import io.yunpipe.config.Published;
import io.yunpipe.config.SharedCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an algorithm from a shared catalogue. */
@Command(
    name = "get",
    sortOptions = false,
    description = {
      "Takes an algorithm from the shared catalogue: writes it to ~/.yunpipe/algorithms, where",
      "workflows find it by name, and its test file to ~/.yunpipe/tests. Runs nothing. Prints",
      "the files' paths."
    })
final class AlgorithmsGetCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME[:VERSION]", description = "What to take; default the newest.")
  private String what = "";

  @Option(
      names = {"-y", "--yes"},
      description = "Replaces a description that is there without asking.")
  private boolean yes;

  @Mixin private CatalogueOptions catalogue = new CatalogueOptions();

  @Override
  public Integer call() throws IOException {
    try (SharedCatalogue open = catalogue.open()) {
      Published entry = AlgorithmChoice.of(what).in(open);
      if (!keep(entry.description())) {
        Messages.say("Nothing was written.");
        return ExitCode.BAD_INPUT;
      }
      Path tests = Catalogue.userFolder().resolveSibling("tests").resolve(entry.name());
      open.downloadTest(entry, tests).ifPresent(System.out::println);
      Messages.say("Got " + PublishedText.place(entry) + "; its image is " + entry.image());
    }
    return ExitCode.OK;
  }

  private boolean keep(Description description) throws IOException {
    Path file = Catalogue.userFolder().resolve(description.algorithm().name() + ".json");
    boolean differs =
        Files.exists(file) && !Files.readString(file).equals(AlgorithmFile.json(description));
    if (differs
        && !yes
        && !new Questions(System.in)
            .yesOrNo(file + " describes it otherwise. Replace it?", false)) {
      return false;
    }
    AlgorithmFile.write(description, file);
    System.out.println(file);
    return true;
  }
}
