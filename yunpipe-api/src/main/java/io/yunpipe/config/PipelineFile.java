package io.yunpipe.config;

import io.yunpipe.ConfigurationException;
import io.yunpipe.PipelineDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as a file describes it: HOCON, the earlier yunpipe's JSON (a workflow, or an algorithm
 * alone), or AWSHalide's constants. Immutable and thread-safe.
 */
public final class PipelineFile {
  private final Path file;
  private final PipelineDefinition definition;
  private final List<String> warnings;
  private final @Nullable Path zipFolder;
  private final boolean removeLocalZip;

  PipelineFile(
      Path file,
      PipelineDefinition definition,
      List<String> warnings,
      @Nullable Path zipFolder,
      boolean removeLocalZip) {
    this.file = file;
    this.definition = definition;
    this.warnings = List.copyOf(warnings);
    this.zipFolder = zipFolder;
    this.removeLocalZip = removeLocalZip;
  }

  /**
   * Reads a pipeline file and the algorithms that it names; the format is known by its content.
   * Starts nothing and writes nothing.
   *
   * @throws ConfigurationException with all problems, each with file and line
   */
  public static PipelineFile load(Path file) {
    return new PipelineReader(file, Catalogue.beside(file), Schema.load()).read();
  }

  /** Returns the file that was read. */
  public Path file() {
    return file;
  }

  /**
   * Returns the definition. Its configuration is this file, so that {@link Settings#load} finds the
   * settings in it; its backend is null, since that is one of them.
   */
  public PipelineDefinition definition() {
    return definition;
  }

  /** Returns what was read but has no effect, one sentence each. Unmodifiable. */
  public List<String> warnings() {
    return warnings;
  }

  /** Returns the folder that a zipped job zips when none is named; empty if the file names none. */
  public Optional<Path> zipFolder() {
    return Optional.ofNullable(zipFolder);
  }

  /** Returns whether the zip of a zipped job is removed from this machine once it is stored. */
  public boolean removeLocalZip() {
    return removeLocalZip;
  }
}
