package io.yunpipe.aws.compute;

/**
 * An engine that starts workers. What it starts ends by itself when its queue stays empty.
 * Thread-safe. Methods throw {@link io.yunpipe.BackendException}.
 */
interface Fleet {
  /** Counts a stage's workers. */
  Census census(String stage);

  /** Starts workers. If it throws, some may have been started. */
  void launch(Order order);

  /**
   * Ends all workers of the pipeline; what they hold comes back when its lease ends.
   *
   * @param reason shown by the engine
   * @return how many jobs, tasks or machines were told to end
   */
  int stopAll(String reason);
}
