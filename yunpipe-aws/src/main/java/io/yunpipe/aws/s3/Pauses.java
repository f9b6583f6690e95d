package io.yunpipe.aws.s3;

import java.util.concurrent.ThreadLocalRandom;

/** How long a writer waits after another was faster. */
@FunctionalInterface
interface Pauses {
  /**
   * Waits.
   *
   * @param losses how often in a row, from 1
   */
  void afterLoss(int losses);

  /** Waits a random time, up to twice as long each time; an interrupt ends it. */
  static Pauses jittered() {
    return losses -> {
      long most = Math.min(3_000, 20L << Math.min(10, losses));
      try {
        Thread.sleep(ThreadLocalRandom.current().nextLong(most));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }
}
