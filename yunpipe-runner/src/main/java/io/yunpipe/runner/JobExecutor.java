package io.yunpipe.runner;

import java.io.InputStream;
import java.util.Optional;

/** Stages in, runs and collects one attempt. Thread-safe. */
public interface JobExecutor extends AutoCloseable {
  /**
   * Runs an attempt to its end. Whatever the algorithm does is a result, not an exception.
   *
   * @throws InterruptedException if the thread is interrupted or the run is stopped; the process
   *     tree is ended and the scratch folder removed before it is thrown
   * @throws io.yunpipe.BackendException if the store cannot be read or this machine cannot run jobs
   *     at all, such as a full disk; the attempt does not count
   */
  Execution execute(Attempt attempt) throws InterruptedException;

  /** Ends all attempts of a run that are being executed, with all their processes. */
  void stop(String run);

  /** Returns how many attempts of a run's stage are being executed. */
  long active(String run, String stage);

  /** Opens the log so far of a job that is being executed. */
  Optional<InputStream> log(String run, String job);

  /** Ends all attempts. */
  @Override
  void close();
}
