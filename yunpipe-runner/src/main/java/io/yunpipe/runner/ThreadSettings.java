package io.yunpipe.runner;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
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

  /**
   * Returns settings that take what is not given from this machine.
   *
   * @param cpus 0: all of this machine, or of its container
   * @param memoryMib 0: 80 % of this machine's, or of its container's
   */
  public static ThreadSettings ofMachine(double cpus, long memoryMib, Duration idle, String hint) {
    return new ThreadSettings(
        cpus > 0 ? cpus : Runtime.getRuntime().availableProcessors(),
        memoryMib > 0 ? memoryMib : Math.max(1, machineMemoryMib() * 8 / 10),
        idle,
        hint);
  }

  private static long machineMemoryMib() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        >> 20;
  }
}
