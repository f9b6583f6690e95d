package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.Failure;
import io.yunpipe.InvalidInputException;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.StoredObject;
import io.yunpipe.internal.archive.DeterministicZip;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Zips that carry code and data: stored once by content, found again by name. */
final class ZippedJobs {
  private static final String ZIPS = "zips/";

  private final Site site;
  private final String pipeline;
  private final @Nullable PipelineDefinition definition;

  /** A zip in the store. */
  record StoredZip(String key, long size, String sha256, InputRef ref) {}

  /** A zip that is in the store now, and whether it was before. */
  record Stored(StoredZip file, boolean there) {}

  ZippedJobs(Site site, String pipeline, @Nullable PipelineDefinition definition) {
    this.site = site;
    this.pipeline = pipeline;
    this.definition = definition;
  }

  Stored store(Path source, String name) {
    Stage stage = zippedStage();
    if (name.contains("/") || name.isBlank()) {
      throw new InvalidInputException("A zip's name must be a file name, but was '" + name + "'.");
    }
    if (!Files.isDirectory(source)) {
      return store(zipFile(source), name, stage);
    }
    try {
      Path zip = Files.createTempFile("yunpipe-", ".zip");
      try {
        DeterministicZip.write(source, zip);
        return store(zip, name, stage);
      } finally {
        Files.deleteIfExists(zip);
      }
    } catch (IOException e) {
      throw new InvalidInputException("Could not zip " + source + ": " + e, e);
    }
  }

  private static Path zipFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(
          "Could not upload " + file + ": there is no such folder or zip.");
    }
    return file;
  }

  private Stage zippedStage() {
    List<Stage> stages = definition == null ? List.of() : definition.workflow().stages();
    return stages.stream()
        .filter(stage -> stage.after().isEmpty() && stage.algorithm().zippedOutput().isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Pipeline "
                        + pipeline
                        + " has no algorithm for zipped jobs: describe one with"
                        + " Algorithm.builder(…).zipped(output, extension), or a block 'zip' in its file."));
  }

  private Stored store(Path zip, String name, Stage stage) {
    try {
      String sha256 = Sha256.of(zip);
      String key = ZIPS + sha256 + ".zip";
      long size = Files.size(zip);
      boolean there = site.store().head(key).isPresent();
      if (!there && !site.store().put(key, Content.of(zip)).sha256().equals(sha256)) {
        site.store().delete(key);
        throw new InvalidInputException(zip + " changed while it was read. Upload it again.");
      }
      return new Stored(
          new StoredZip(key, size, sha256, new InputRef(name, key, size, sha256, null)), there);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Could not read " + zip + " for stage " + stage.name() + ": " + e, e);
    }
  }

  static void removeIfZip(Path zip, boolean remove) {
    if (remove && Files.isRegularFile(zip)) {
      try {
        Files.delete(zip);
      } catch (IOException e) {
        throw new BackendException(
            "The zip is uploaded and runs, but could not be removed here: " + e, e);
      }
    }
  }

  List<StoredObject> list() {
    String prefix = Keys.zippedOutputs(pipeline);
    List<StoredObject> objects = new ArrayList<>();
    Protocol.pages(
        site.store(),
        prefix,
        object ->
            objects.add(
                new StoredObject(
                    object.key().substring(prefix.length()), object.size(), object.modified())));
    return List.copyOf(objects);
  }

  Path download(
      Path folder, String name, Supplier<List<RunStatus>> runs, Function<String, Run> attach) {
    String extension =
        definition == null
            ? ""
            : definition.workflow().stages().get(0).algorithm().zippedExtension();
    for (String candidate : List.of(name, name + extension)) {
      String key = Keys.zippedIndex(pipeline, candidate);
      Optional<InputRef> found =
          site.store().read(key).map(json -> Json.read(json, InputRef.class, key));
      if (found.isPresent()) {
        Path file = folder.resolve(candidate);
        InputRef output = found.get();
        new StoredFile(
                site.store(),
                new Output(candidate, output.size(), output.sha256()),
                String.valueOf(output.key()))
            .copyTo(file);
        return file;
      }
    }
    throw new InvalidInputException(
        "There is no output of '" + name + "'. " + why(name, runs, attach));
  }

  private static String why(
      String name, Supplier<List<RunStatus>> runs, Function<String, Run> attach) {
    for (RunStatus status : runs.get()) {
      Run run = attach.apply(status.runId());
      Optional<Failure> failure =
          run.failed().stream().filter(failed -> failed.input().equals(name)).findFirst();
      if (failure.isPresent()) {
        return "Its job failed in run " + status.runId() + ": " + failure.get().reason();
      }
      if (!status.state().finished()) {
        return "Run " + status.runId() + " is not finished; wait for it and try again.";
      }
    }
    return "Upload it first, or look at list() for the names there are.";
  }
}
