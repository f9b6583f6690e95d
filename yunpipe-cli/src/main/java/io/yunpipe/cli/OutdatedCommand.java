package io.yunpipe.cli;

import io.yunpipe.DeployedStage;
import io.yunpipe.Engine;
import io.yunpipe.Pipeline;
import io.yunpipe.config.Digests;
import io.yunpipe.config.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells which pipelines run old images. */
@Command(
    name = "outdated",
    sortOptions = false,
    description = {
      "Tells which stages run another image than the newest version of their algorithm in the",
      "shared catalogue or, without one, in ~/.yunpipe/algorithms. Ends with 1 if any does."
    })
final class OutdatedCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "WORKFLOW",
      description =
          "Pipeline files, or names of described algorithms: as they were deployed or, where nothing is deployed, as they are.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--all",
      description = "All pipelines that are deployed in the configured backend's store.")
  private boolean all;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private CatalogueOptions catalogue = new CatalogueOptions();

  private final Table table =
      new Table("PIPELINE", "STAGE", "ALGORITHM", "RUNS", "NEWEST", "STATE");
  private final List<Object> rows = new ArrayList<>();
  private int outdated;

  @Override
  public Integer call() {
    if (all == !files.isEmpty()) {
      throw new IllegalArgumentException(
          "Say which: pipeline files, or --all for all that are deployed in the configured store.");
    }
    if (all) {
      look(null, Engine.get().deployed(null, catalogue.settings()), true);
    }
    for (Path each : files) {
      Path file = WorkflowArgument.described(each);
      try (Pipeline pipeline = Engine.get().load(file, catalogue.settings())) {
        List<DeployedStage> deployed = pipeline.deployed();
        boolean there = !deployed.isEmpty();
        look(file, there ? deployed : asWritten(pipeline), there);
      }
    }
    if (json) {
      JsonText.print(rows);
    } else if (rows.isEmpty()) {
      Messages.say("Nothing is deployed.");
    } else {
      System.out.print(table);
    }
    if (outdated > 0) {
      Messages.say(
          Messages.count(outdated, "stage")
              + (outdated == 1 ? " does not run" : " do not run")
              + " the newest version. To change that: yunpipe algorithms get NAME, then yunpipe"
              + " init WORKFLOW.");
    }
    return outdated > 0 ? ExitCode.OUTDATED : ExitCode.OK;
  }

  private static List<DeployedStage> asWritten(Pipeline pipeline) {
    return pipeline.workflow().stages().stream()
        .map(
            stage ->
                new DeployedStage(
                    pipeline.name(),
                    stage.name(),
                    stage.algorithm().name(),
                    stage.algorithm().image()))
        .toList();
  }

  private void look(@Nullable Path file, List<DeployedStage> stages, boolean deployed) {
    try (NewestImages newest = new NewestImages(catalogue.load(file))) {
      // Commands and functions are no images of any age.
      stages.stream()
          .filter(stage -> stage.image().isPresent())
          .forEach(stage -> look(stage, newest, deployed));
    }
  }

  private void look(DeployedStage stage, NewestImages images, boolean deployed) {
    String image = stage.image().orElseThrow();
    Optional<String> digest = Digests.of(image);
    Optional<NewestImages.Newest> newest = images.of(stage.algorithm());
    boolean comparable = digest.isPresent() && newest.isPresent();
    boolean old = comparable && !digest.equals(newest.map(NewestImages.Newest::digest));
    Version runs = null;
    if (old) {
      outdated++;
      runs = images.version(stage.algorithm(), digest.orElseThrow()).orElse(null);
    } else if (comparable) {
      runs = newest.orElseThrow().version();
    }
    table.add(
        stage.pipeline(),
        stage.stage(),
        stage.algorithm(),
        name(runs, digest.orElse(image)),
        newest.map(one -> name(one.version(), one.digest())).orElse("-"),
        comparable ? (old ? "outdated" : "newest") : why(digest.isPresent(), images));
    rows.add(
        JsonText.map(
            "pipeline",
            stage.pipeline(),
            "stage",
            stage.stage(),
            "algorithm",
            stage.algorithm(),
            "deployed",
            deployed,
            "image",
            image,
            "version",
            runs == null ? null : runs.text(),
            "newest",
            newest.map(OutdatedCommand::json).orElse(null),
            "outdated",
            old));
  }

  private static Object json(NewestImages.Newest newest) {
    Version version = newest.version();
    return JsonText.map(
        "version", version == null ? null : version.text(), "image", newest.image());
  }

  private static String name(@Nullable Version version, String digest) {
    String shorter = digest.startsWith("sha256:") ? digest.substring(0, 19) : digest;
    return version == null ? shorter : version + " (" + shorter + ")";
  }

  /** Says why an image cannot be compared. */
  private static String why(boolean pinned, NewestImages images) {
    return pinned ? "not in " + images.place() : "unknown: the image has no digest";
  }
}
