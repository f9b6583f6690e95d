package io.yunpipe.cli;

import io.yunpipe.Engine;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a workflow of three stages on images. */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Runs a workflow of three stages over images that it makes itself.",
      "It counts cells: smooth and segment each image (an overlay and a table per input), then",
      "gather one summary and a histogram. Leaves a pipeline file to change and run again."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int SIZE = 512;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where everything is put; default ${DEFAULT-VALUE}.")
  private Path folder = Path.of("yunpipe-demo");

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "How many images are made, 1 to 999; default ${DEFAULT-VALUE}.")
  private int images = 24;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed makes the same images; default ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--inputs",
      paramLabel = "FOLDER",
      description = "Takes the images of this folder instead of making some.")
  private @Nullable Path own;

  @Option(
      names = "--prepare",
      description = {
        "Makes the images, the programs and the pipeline file, and runs nothing: something to",
        "try one's own scripts on."
      })
  private boolean prepareOnly;

  @Mixin private BackendOptions backend = new BackendOptions();
  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (images < 1 || images > 999) {
      throw new InvalidInputException("--images must be 1 to 999, but was " + images + ".");
    }
    Path inputs = own == null ? folder.resolve("images") : own;
    if (own != null) {
      InputArguments.checkOutput(Inputs.folder(own), folder);
    }
    Path pipelineFile = DemoFiles.write(folder);
    if (own == null) {
      makeImages(inputs);
    }
    if (prepareOnly) {
      return ExitCode.OK;
    }
    return Interruption.during(() -> execute(pipelineFile, inputs));
  }

  private int execute(Path pipelineFile, Path inputs) throws IOException, InterruptedException {
    Path results = folder.resolve("results");
    try (Pipeline pipeline = Engine.get().load(pipelineFile, backend.settings())) {
      Run run = pipeline.submitAsync(Inputs.folder(inputs));
      String hint = " -w " + Shell.quote(pipelineFile.toString()) + backend.hint();
      int code = report.watchAndDownload(run, hint, results);
      if (!report.json()) {
        sayWhatToOpen(results, pipelineFile, inputs);
      }
      return code;
    }
  }

  private void makeImages(Path inputs) throws IOException {
    if (Files.isDirectory(inputs)) {
      // Images of another call would be counted as well.
      DemoFiles.deleteImages(inputs);
    }
    DemoImages.make(inputs, images, SIZE, seed);
    Messages.say(Messages.count(images, "image") + " in " + inputs);
  }

  private void sayWhatToOpen(Path results, Path pipelineFile, Path inputs) throws IOException {
    Messages.say("\nOpen these:");
    try (Stream<Path> files = Files.walk(results)) {
      Path[] sorted = files.filter(Files::isRegularFile).sorted().toArray(Path[]::new);
      openable(sorted, "summary.csv", "a line per image");
      openable(sorted, "histogram.png", "the areas of all cells");
      openable(sorted, "overlay.png", "the cells found in one image; each has such a file");
    }
    Messages.say("\nChange " + pipelineFile + " and run it again:");
    Messages.say(
        "  yunpipe run "
            + Shell.quote(pipelineFile.toString())
            + " "
            + Shell.quote(inputs.toString())
            + " -o "
            + Shell.quote(results.toString())
            + backend.hint());
  }

  /** Names a result to open, on standard output, if it is there. */
  private static void openable(Path[] files, String name, String what) {
    for (Path file : files) {
      if (file.endsWith(name)) {
        System.out.println(file);
        Messages.say("  (" + what + ")");
        return;
      }
    }
  }
}
