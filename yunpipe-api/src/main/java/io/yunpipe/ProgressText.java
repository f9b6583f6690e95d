package io.yunpipe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** The words that bar and lines share, and the rate of the last seconds. Not thread-safe. */
final class ProgressText {
  private static final long WINDOW_NANOS = Duration.ofSeconds(15).toNanos();

  private record Sample(long nanos, long done) {}

  private final LongSupplier nanoTime;
  private final long start;
  private final Deque<Sample> samples = new ArrayDeque<>();

  ProgressText(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    start = nanoTime.getAsLong();
  }

  /** Takes note of what is done, for the rate. */
  void sample(RunStatus status) {
    long now = nanoTime.getAsLong();
    samples.addLast(new Sample(now, status.done()));
    // One sample older than the window stays, so that slow jobs have a rate too.
    while (samples.size() > 2 && now - second().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** Returns {@code 3.2 jobs/s, 12s left}, or nothing while no rate is known. */
  String rate(RunStatus status) {
    double perSecond = jobsPerSecond();
    if (!(perSecond > 0) || status.state().finished()) {
      return "";
    }
    String rate = number(perSecond) + " jobs/s";
    long left = status.total() - status.done();
    // While inputs are still coming nobody knows how many are left.
    return status.state() == RunState.SUBMITTING || left == 0
        ? rate
        : rate + ", " + duration(Duration.ofMillis((long) (left * 1000.0 / perSecond))) + " left";
  }

  /** Returns the time since this was made. */
  String elapsed() {
    return duration(Duration.ofNanos(nanoTime.getAsLong() - start));
  }

  /** Returns {@code smooth 3/24 (1 failed)}. */
  static String stage(StageStatus stage) {
    String counts =
        stage.stage() + " " + (stage.succeeded() + stage.failed()) + "/" + stage.total();
    return stage.failed() == 0 ? counts : counts + " (" + stage.failed() + " failed)";
  }

  /** Returns the state in the words of a sentence. */
  static String state(RunState state) {
    return switch (state) {
      case SUBMITTING -> "taking inputs";
      case RUNNING -> "running";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
    };
  }

  /** Returns {@code 850ms}, {@code 12s}, {@code 3m05s} or {@code 2h07m}. */
  static String duration(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 1) {
      return time.toMillis() + "ms";
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    return seconds < 3600
        ? seconds / 60 + "m" + twoDigits(seconds % 60) + "s"
        : seconds / 3600 + "h" + twoDigits(seconds / 60 % 60) + "m";
  }

  private double jobsPerSecond() {
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    if (first == null || last == null || last.nanos() == first.nanos()) {
      return 0;
    }
    return (last.done() - first.done()) * 1e9 / (last.nanos() - first.nanos());
  }

  private Sample second() {
    var iterator = samples.iterator();
    iterator.next();
    return iterator.next();
  }

  /** One decimal below 10, without a formatter: those cost 20 ms at their first use. */
  private static String number(double value) {
    long tenths = Math.round(value * 10);
    return value >= 10 || tenths % 10 == 0
        ? String.valueOf(Math.round(value))
        : tenths / 10 + "." + tenths % 10;
  }

  private static String twoDigits(long value) {
    return value < 10 ? "0" + value : String.valueOf(value);
  }
}
