package io.yunpipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A workflow on a backend. Thread-safe.
 *
 * <pre>{@code
 * try (Pipeline pipeline = Pipeline.builder()
 *     .stage(Algorithm.command("edges", "java Edges.java $input $output"))
 *     .build()) {
 *   Run run = pipeline.submit(Path.of("images"));
 *   run.await(Progress.bar());
 *   run.download(Path.of("results"));
 * }
 * }</pre>
 */
public interface Pipeline extends AutoCloseable {
  /** Starts a definition. */
  static PipelineBuilder builder() {
    return new PipelineBuilder();
  }

  /**
   * Reads a definition from a file: HOCON, or a workflow of the earlier yunpipe as JSON.
   *
   * @throws ConfigurationException with all problems, each with file and line
   */
  static Pipeline load(Path file) {
    return Engine.get().load(file, Map.of());
  }

  /** Returns the name. */
  String name();

  /** Returns the workflow. */
  Workflow workflow();

  /**
   * Sets up what the pipeline needs at its backend. Does nothing that is done already, goes on with
   * what was interrupted, and never replaces what holds data. Backends that need nobody's consent,
   * as all that make nothing which costs, are also made ready by submitting.
   */
  default void init() {
    init(SetUpListener.none());
  }

  /** As {@link #init()}, telling of changes before they are made. */
  void init(SetUpListener listener);

  /** Returns what {@link #init()} would change. Changes nothing. */
  SetUp preview();

  /**
   * Returns the stages as they were deployed last, which may differ from {@link #workflow()}; empty
   * if the pipeline is not deployed, or its backend takes no uploads.
   */
  List<DeployedStage> deployed();

  /** Ends what costs while nothing runs; data stay, and {@link #init()} undoes it. */
  default void park() {
    park(SetUpListener.none());
  }

  /** As {@link #park()}, telling what is being done. */
  void park(SetUpListener listener);

  /**
   * Submits a run. Each path is a folder, a file, a glob such as {@code images/*.png}, or a zip
   * whose entries become the inputs. Returns when all inputs are taken; jobs begin before.
   *
   * @throws InvalidInputException if a path does not exist, cannot be read, or there is no input
   */
  Run submit(Path first, Path... more);

  /** Submits a run. Returns when all inputs are taken; jobs begin before. */
  default Run submit(Inputs inputs) {
    return submit(inputs, RunOptions.DEFAULT);
  }

  /**
   * Submits a run with limits of its own.
   *
   * @throws InvalidInputException if the estimate is above the budget, or a stage is unknown
   */
  Run submit(Inputs inputs, RunOptions options);

  /**
   * Submits a run in the background: returns when the first inputs are taken, so that results can
   * be read while later ones are still coming. A failing source cancels the run, with the reason.
   */
  default Run submitAsync(Inputs inputs) {
    return submitAsync(inputs, RunOptions.DEFAULT);
  }

  /** As {@link #submitAsync(Inputs)}, with limits as {@link #submit(Inputs, RunOptions)} has. */
  Run submitAsync(Inputs inputs, RunOptions options);

  /** Returns what a submission would do. Starts nothing, writes nothing. */
  Plan plan(Inputs inputs);

  /** As {@link #plan(Inputs)}, for paths as {@link #submit(Path, Path...)} takes them. */
  Plan plan(Path first, Path... more);

  /**
   * Returns a run that this or another program began.
   *
   * @throws InvalidInputException if there is no such run
   */
  Run attach(String runId);

  /** Returns the status of this pipeline's runs, newest first. */
  List<RunStatus> runs();

  /**
   * Zips a folder so that the same tree makes the same bytes, stores the zip unless an identical
   * one is there, and runs the pipeline's zipped algorithm on it.
   *
   * @param folder what is zipped; the zip is named after it
   */
  ZipUpload uploadZip(Path folder);

  /**
   * As {@link #uploadZip(Path)}, under a name.
   *
   * @param zip the folder to zip, or a zip that is there
   * @param name the name of the zip in the store, such as {@code 348.png.zip}
   * @param removeLocal whether to delete {@code zip} from this machine, if it is a zip, once stored
   */
  ZipUpload uploadZip(Path zip, String name, boolean removeLocal);

  /** Returns the stored outputs of zipped jobs, by name. */
  List<StoredObject> list();

  /**
   * Downloads the output of a zipped job.
   *
   * @param folder where to; made if missing
   * @param zipName the name given to {@link #uploadZip}, or the output's full name
   * @return the file
   * @throws InvalidInputException if there is no such output; the message says whether its job is
   *     still running or why it failed
   */
  Path downloadOutput(Path folder, String zipName);

  /** Removes what the pipeline set up, then lists to prove it. */
  default CleanUp cleanUp(CleanUp.Mode mode) {
    return cleanUp(mode, SetUpListener.none());
  }

  /** As {@link #cleanUp(CleanUp.Mode)}, telling what is being done. */
  CleanUp cleanUp(CleanUp.Mode mode, SetUpListener listener);

  /** Stops this program's workers; jobs they had begun are left to others. Runs stay. */
  @Override
  void close();
}
