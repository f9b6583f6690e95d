package io.yunpipe.cli;

import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.ZipUpload;
import io.yunpipe.config.PipelineFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a zipped job. */
@Command(
    name = "upload-zip",
    sortOptions = false,
    description = "Zips a folder, stores the zip unless it is there, and runs the zipped job.")
final class UploadZipCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "The folder, or a zip; default the one that the workflow file names.")
  private @Nullable Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The zip's name in the store; default the folder's name and .zip.")
  private @Nullable String name;

  @Option(names = "--remove-local", description = "Deletes the zip here once it is stored.")
  private boolean removeLocal;

  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return Interruption.during(this::execute);
  }

  private int execute() throws InterruptedException {
    try (Pipeline pipeline = workflow.open()) {
      Path zip = zip();
      ZipUpload upload =
          name == null && !removeLocal
              ? pipeline.uploadZip(zip)
              : pipeline.uploadZip(zip, name == null ? defaultName(zip) : name, removeLocal);
      Messages.say(
          (upload.alreadyStored() ? "Stored before: " : "Stored: ")
              + Messages.bytes(upload.size())
              + ", SHA-256 "
              + upload.sha256());
      return report.watch(upload.run(), workflow.hint());
    }
  }

  private Path zip() {
    if (folder != null) {
      return folder;
    }
    return PipelineFile.load(workflow.file())
        .zipFolder()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    workflow.file() + " names no folder to zip; name one after it."));
  }

  private static String defaultName(Path zip) {
    String last = String.valueOf(zip.toAbsolutePath().normalize().getFileName());
    return last.endsWith(".zip") ? last : last + ".zip";
  }
}
