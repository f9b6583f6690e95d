package io.yunpipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One submission of inputs to a pipeline. Its state lies in the store, so any program with the same
 * configuration sees the same. Thread-safe; needs no closing.
 */
public interface Run {
  /** Returns the run's identifier, unique and sorted by time. */
  String id();

  /** Returns the counts at this moment. Starts nothing. */
  RunStatus status();

  /**
   * Waits until the run is finished, working on it meanwhile where the backend is this machine.
   *
   * @return the last status; its state tells success from failure
   * @throws InterruptedException if the thread is interrupted; the run goes on
   */
  RunStatus await() throws InterruptedException;

  /** As {@link #await()}, telling the listener of progress. */
  RunStatus await(RunListener listener) throws InterruptedException;

  /**
   * As {@link #await(RunListener)}, for at most so long.
   *
   * @return the last status, finished or not
   */
  RunStatus await(RunListener listener, Duration atMost) throws InterruptedException;

  /** Waits in the background; completes with the last status. */
  CompletionStage<RunStatus> whenFinished();

  /**
   * Returns a publisher of the status whenever counts change; completes when the run is finished.
   */
  Flow.Publisher<RunStatus> progress();

  /**
   * Returns the results of kept stages as they are committed, in no order, failed ones included;
   * ends when the run is finished. Blocks while there is none. Close it when leaving early.
   */
  Stream<JobResult> results();

  /**
   * Writes the kept results into a folder as {@code <input path>/<output>}, below the stage's name
   * if several stages are kept. Verified against the committed checksums; files that are there and
   * equal are left.
   *
   * @return the number of files that are now there
   * @throws InvalidInputException if the folder cannot take files, or is, holds or lies in the
   *     input
   * @throws BackendException if a result cannot be read or written
   */
  long download(Path folder);

  /**
   * Returns the log of a job's last attempt: standard output and error. Empty if it wrote nothing.
   *
   * @param job a job id, or an input's path (of the last stage that has it)
   * @throws InvalidInputException if the run has no such job
   */
  String log(String job);

  /** Follows a job's log until the job is committed, giving pieces as they come. */
  void tail(String job, Consumer<String> sink) throws InterruptedException;

  /** Returns the jobs that failed for good. */
  List<Failure> failed();

  /** Stops the run: waiting jobs are dropped and running ones ended. Committed results stay. */
  void cancel();

  /** Returns what the run's committed jobs have cost so far, by the time they took. */
  Cost cost();

  /**
   * Runs the failed jobs of a finished run again, and what depends on them, as a new generation
   * beside the old one; results that are there are taken over.
   *
   * @return this run in its new generation
   * @throws IllegalStateException if the run is not finished
   */
  Run retryFailed();
}
