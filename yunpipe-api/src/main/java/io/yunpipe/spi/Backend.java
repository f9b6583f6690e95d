package io.yunpipe.spi;

import java.time.Duration;
import java.util.List;

/** An open backend: a store, a queue per stage, and compute. Thread-safe. */
public interface Backend extends AutoCloseable {
  /** Makes what is missing. Idempotent. */
  void init();

  /** Returns the store; the same one each time. */
  ObjectStore store();

  /** Returns a stage's queue; the same one each time. */
  JobQueue queue(String stage);

  /** Returns the compute; the same one each time. */
  Compute compute();

  /** Returns how long to wait at most between two looks at a run; each look costs requests. */
  default Duration lookInterval() {
    return Duration.ofMillis(100);
  }

  /**
   * Returns whether files that anyone puts below {@code inbox/<pipeline>/} become runs; the
   * pipeline's plan is then kept in the store by {@code init}.
   */
  default boolean takesUploads() {
    return false;
  }

  /**
   * Removes the pipeline's queues and scratch.
   *
   * @return what is gone, one line each
   */
  List<String> removeQueues();

  @Override
  void close();
}
