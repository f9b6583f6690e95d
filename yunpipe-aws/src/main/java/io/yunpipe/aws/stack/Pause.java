package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import java.time.Duration;

/** How to wait between two looks. */
@FunctionalInterface
public interface Pause {
  /** Waits once. */
  void once();

  /** Returns one of a fixed length. */
  static Pause of(Duration length) {
    return () -> {
      try {
        Thread.sleep(length.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BackendException(
            "Interrupted while AWS works on a stack; it goes on there. Run the same command again"
                + " to see how it ends.",
            true,
            e);
      }
    };
  }
}
