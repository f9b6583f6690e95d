package io.yunpipe.runner;

/** How long messages of a stage take, and so how many to take at once. Thread-safe. */
final class Pace {
  /**
   * Short jobs are taken together up to this much work, so that two workers end at about one time.
   */
  private static final double BATCH_NANOS = 100e6;

  private static final int MAX = 64;

  private double nanosPerMessage = BATCH_NANOS;

  synchronized int batch() {
    return (int) Math.max(1, Math.min(MAX, BATCH_NANOS / nanosPerMessage));
  }

  synchronized void took(long nanos, int messages) {
    double each = (double) nanos / messages;
    nanosPerMessage = each > nanosPerMessage ? each : 0.7 * nanosPerMessage + 0.3 * each;
  }
}
