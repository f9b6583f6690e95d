package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.config.About;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Description;
import io.yunpipe.config.Digests;
import io.yunpipe.config.Published;
import io.yunpipe.config.SharedCatalogue;
import io.yunpipe.config.SharedCatalogue.Publication;
import io.yunpipe.config.Version;
import io.yunpipe.wrap.ImageReference;
import io.yunpipe.wrap.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shares an algorithm. */
@Command(
    name = "publish",
    sortOptions = false,
    description = {
      "Publishes a described algorithm in the shared catalogue. A version never changes: the same",
      "name and version with something else in it is refused. Prints name and version."
    })
final class AlgorithmsPublishCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ALGORITHM",
      description = "The name of a described algorithm, or its file.")
  private String what = "";

  @Option(
      names = "--as",
      paramLabel = "VERSION",
      description =
          "Such as 3 or 1.10; default what the description says, or the one after the newest.")
  private @Nullable String version;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "An input to try it on, at most 64 MiB.")
  private @Nullable Path test;

  @Option(names = "--description", paramLabel = "TEXT", description = "What it does.")
  private @Nullable String text;

  @Option(names = "--author", paramLabel = "TEXT", description = "Who made it.")
  private @Nullable String author;

  @Option(
      names = "--inputs",
      paramLabel = "TEXT",
      description = "What it takes, such as 'a PNG image of cells'.")
  private @Nullable String inputs;

  @Option(names = "--outputs", paramLabel = "TEXT", description = "What it makes.")
  private @Nullable String outputs;

  @Mixin private CatalogueOptions catalogue = new CatalogueOptions();

  @Override
  public Integer call() throws IOException {
    DescribedAlgorithm described = DescribedAlgorithm.of(what);
    Description wanted = pinned(described.description().withAbout(about(described)));
    try (SharedCatalogue open = catalogue.open()) {
      Publication done = open.publish(wanted, test);
      Published entry = done.entry();
      System.out.println(entry.name() + ":" + entry.version());
      Messages.say(
          (done.made() ? "Published " : "Was there already: ") + PublishedText.place(entry));
      if (Files.exists(described.kept()) && Files.isSameFile(described.file(), described.kept())) {
        // So that this user's own description says which version it is.
        AlgorithmFile.write(entry.description(), described.kept());
      }
    }
    return ExitCode.OK;
  }

  private About about(DescribedAlgorithm described) {
    About said = described.description().about();
    return new About(
        version == null ? said.version() : new Version(version),
        said.base(),
        text == null ? said.description() : text,
        author == null ? said.author() : author,
        inputs == null ? said.inputs() : inputs,
        outputs == null ? said.outputs() : outputs);
  }

  /** Replaces a tag by the digest that it stands for now. */
  private static Description pinned(Description description) {
    Algorithm algorithm = description.algorithm();
    String image = algorithm.image().orElse("");
    if (image.isEmpty() || Digests.of(image).isPresent()) {
      return description;
    }
    String pinned = ImageReference.parse(image).pinned(Images.look(image).digest()).toString();
    Messages.say("The image " + image + " is at this moment " + pinned);
    return description.withImage(pinned);
  }
}
