package io.yunpipe.aws.compute;

import java.util.Optional;

/**
 * An engine that starts workers. What it starts ends by itself when its queue stays empty.
 * Thread-safe. Methods throw {@link io.yunpipe.BackendException}.
 */
interface Fleet {
  /**
   * Counts a stage's workers.
   *
   * @param since what befell workers that were started before is no problem of now, in milliseconds
   *     since 1970
   */
  Census census(String stage, long since);

  /** Starts workers. If it throws, some may have been started. */
  void launch(Order order);

  /**
   * Returns what the engine says of the end of a stage's worker that ended last and not well, with
   * what to look at.
   */
  Optional<String> lastEnd(String stage);

  /**
   * Ends workers that have lived for longer than they may, where nobody else does.
   *
   * @return how many
   */
  int endOld();

  /**
   * Ends all workers of the pipeline; what they hold comes back when its lease ends.
   *
   * @param reason shown by the engine
   * @return how many jobs, tasks or machines were told to end
   */
  int stopAll(String reason);

  /** Counts all of the pipeline's jobs, tasks or machines that are not gone, even if they end. */
  int left();
}
