package io.yunpipe.runner;

/** How long messages of a stage take, and so how many to take at once. Thread-safe. */
final class Pace {
  private static final int MAX = 64;

  private final double batchNanos;
  private double nanosPerMessage;

  /** Begins with one message at a time: nobody knows yet how long they take. */
  Pace(Rhythm rhythm) {
    this.batchNanos = rhythm.batchNanos();
    this.nanosPerMessage = batchNanos;
  }

  synchronized int batch() {
    return (int) Math.max(1, Math.min(MAX, batchNanos / nanosPerMessage));
  }

  synchronized void took(long nanos, int messages) {
    double each = (double) nanos / messages;
    nanosPerMessage = each > nanosPerMessage ? each : 0.7 * nanosPerMessage + 0.3 * each;
  }
}
