package io.yunpipe.spi;

import java.io.InputStream;
import java.util.Optional;

/** Where workers live. Thread-safe. All methods throw {@link io.yunpipe.BackendException}. */
public interface Compute extends AutoCloseable {
  /**
   * Sees to it that workers drain a stage's queue; harmless if they do already, or if there are
   * more than asked for.
   *
   * @throws io.yunpipe.BackendException if no worker here could ever run such a job
   */
  void ensureWorkers(Demand demand);

  /**
   * Ends workers that have lived for longer than they may, whether anything waits or not. Called at
   * times by the program that looks after workers when no other does.
   */
  default void sweep() {}

  /** Returns what keeps workers from working at this moment, in one sentence, if they tell. */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /**
   * Returns what a run's jobs wait for at this moment, such as an image that is being fetched, in a
   * few words; empty if for nothing that is worth a word.
   */
  default Optional<String> note(String runId) {
    return Optional.empty();
  }

  /** Returns a stage's workers as last seen, where they are counted. */
  default Optional<Staff> staff(String stage) {
    return Optional.empty();
  }

  /** Returns how many jobs of a run's stage are being executed, as far as known. */
  long active(String runId, String stage);

  /** Ends a run's jobs that are being executed, with all their processes. */
  void stop(String runId);

  /** Opens the log so far of a job that is being executed here, if it is. */
  Optional<InputStream> log(String runId, String jobId);

  /** Stops the workers of this program; what they hold is given back. */
  @Override
  void close();
}
