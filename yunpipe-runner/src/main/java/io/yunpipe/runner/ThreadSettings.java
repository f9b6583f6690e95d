package io.yunpipe.runner;

import java.time.Duration;

/**
 * What workers as threads of this program may take.
 *
 * @param cpus cores that jobs may take together
 * @param memoryMib memory that jobs may take together
 * @param idle the pause between two looks at the queues while nothing waits
 * @param hint what to do about a job that needs more, as a sentence that names the settings
 */
public record ThreadSettings(double cpus, long memoryMib, Duration idle, String hint) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no core, no memory or no pause
   */
  public ThreadSettings {
    if (!(cpus > 0)) {
      throw new IllegalArgumentException("cpus must be more than 0, but was " + cpus);
    }
    if (memoryMib < 1) {
      throw new IllegalArgumentException("memoryMib must be at least 1, but was " + memoryMib);
    }
    if (idle.isNegative() || idle.isZero()) {
      throw new IllegalArgumentException("idle must be more than 0, but was " + idle);
    }
  }
}
