package io.yunpipe.runner;

import java.time.Duration;

/**
 * How attempts are executed on this machine.
 *
 * @param grace how long a process may take to end after SIGTERM before it is killed
 * @param maxLogBytes how much of a job's log is kept; the middle of a longer one is dropped
 * @param containerEngine {@code docker}, {@code podman}, a path to one of them, or {@code auto} for
 *     the first that answers
 */
public record ExecutorSettings(Duration grace, long maxLogBytes, String containerEngine) {
  /** Five seconds, 64 MiB, and whichever engine answers. */
  public static final ExecutorSettings DEFAULT =
      new ExecutorSettings(Duration.ofSeconds(5), 64L << 20, "auto");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the grace is negative, less than 64 KiB of log are kept or
   *     no engine is named
   */
  public ExecutorSettings {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative, but was " + grace);
    }
    if (maxLogBytes < 64 << 10) {
      throw new IllegalArgumentException(
          "maxLogBytes must be at least 65536, but was " + maxLogBytes);
    }
    if (containerEngine.isBlank()) {
      throw new IllegalArgumentException("containerEngine must be auto, docker, podman or a path");
    }
  }

  /** Returns these settings with another container engine. */
  ExecutorSettings withEngine(String engine) {
    return new ExecutorSettings(grace, maxLogBytes, engine);
  }
}
