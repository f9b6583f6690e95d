package io.yunpipe;

import java.time.Duration;

/**
 * When a failed attempt is tried again. Lost workers cost no attempt; exit code 75 (EX_TEMPFAIL) is
 * retried at least {@value #TEMPFAIL_ATTEMPTS} times. Immutable and thread-safe.
 *
 * @param attempts attempts in all, 1 to 100; default 1
 * @param backoff wait before the second attempt; doubles each time; default 1 s
 * @param maxBackoff longest wait; default 5 min
 * @param memoryFactor the next attempt's memory after exit code 137, as a factor; 1 (default) means
 *     the same
 */
public record RetryPolicy(
    int attempts, Duration backoff, Duration maxBackoff, double memoryFactor) {
  /** One attempt only. */
  public static final RetryPolicy NONE = of(1);

  /** Attempts granted to an algorithm that exits with 75. */
  public static final int TEMPFAIL_ATTEMPTS = 5;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public RetryPolicy {
    if (attempts < 1 || attempts > 100) {
      throw new IllegalArgumentException("attempts must be 1 to 100, but was " + attempts);
    }
    if (backoff.isNegative() || maxBackoff.compareTo(backoff) < 0) {
      throw new IllegalArgumentException(
          "backoff must not be negative nor longer than maxBackoff, but was "
              + backoff
              + " and "
              + maxBackoff);
    }
    if (!(memoryFactor >= 1 && memoryFactor <= 16)) {
      throw new IllegalArgumentException("memoryFactor must be 1 to 16, but was " + memoryFactor);
    }
  }

  /** Returns a policy of so many attempts in all, with the default waits. */
  public static RetryPolicy of(int attempts) {
    return new RetryPolicy(attempts, Duration.ofSeconds(1), Duration.ofMinutes(5), 1);
  }

  /**
   * Returns the wait before the given attempt.
   *
   * @param attempt the attempt to come, from 2
   */
  public Duration waitBefore(int attempt) {
    Duration wait = backoff;
    for (int i = 2; i < attempt && wait.compareTo(maxBackoff) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(maxBackoff) < 0 ? wait : maxBackoff;
  }
}
