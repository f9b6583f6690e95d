package io.yunpipe;

/**
 * What a gather does when jobs before it failed. Judged once, when all of them are finished, except
 * {@link FailFast}, which stops the run at the first failure. Immutable and thread-safe.
 */
public sealed interface FailurePolicy {
  /** The run stops at the first failed job; the gather does not run. */
  record FailFast() implements FailurePolicy {}

  /**
   * The gather runs if at most so many jobs failed.
   *
   * @param jobs the greatest number of failures, 0 or more
   */
  record Tolerate(long jobs) implements FailurePolicy {
    /** Checks the number. */
    public Tolerate {
      if (jobs < 0) {
        throw new IllegalArgumentException("tolerated failures must be 0 or more, but was " + jobs);
      }
    }
  }

  /**
   * The gather runs if at most this share of the jobs failed.
   *
   * @param percent 0 to 100
   */
  record ToleratePercent(double percent) implements FailurePolicy {
    /** Checks the share. */
    public ToleratePercent {
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException(
            "tolerated percent must be 0 to 100, but was " + percent);
      }
    }
  }

  /** The gather runs on whatever succeeded, if anything did. */
  record BestEffort() implements FailurePolicy {}

  /** Returns {@link FailFast}. */
  static FailurePolicy failFast() {
    return new FailFast();
  }

  /** Returns {@link Tolerate} of so many jobs; 0 is the default of a gather. */
  static FailurePolicy tolerate(long jobs) {
    return new Tolerate(jobs);
  }

  /** Returns {@link ToleratePercent}. */
  static FailurePolicy toleratePercent(double percent) {
    return new ToleratePercent(percent);
  }

  /** Returns {@link BestEffort}. */
  static FailurePolicy bestEffort() {
    return new BestEffort();
  }

  /**
   * Returns whether the gather may run.
   *
   * @param failed failed jobs
   * @param total all finished jobs
   */
  default boolean allows(long failed, long total) {
    if (this instanceof Tolerate tolerate) {
      return failed <= tolerate.jobs();
    }
    if (this instanceof ToleratePercent share) {
      return failed * 100.0 <= share.percent() * total;
    }
    return this instanceof BestEffort ? failed < total || total == 0 : failed == 0;
  }
}
