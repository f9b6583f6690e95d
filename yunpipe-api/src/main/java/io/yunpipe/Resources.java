package io.yunpipe;

/**
 * What one job needs. Immutable and thread-safe.
 *
 * @param cpus cores, may be a fraction; more than 0; default 1
 * @param memoryMib memory in MiB that the job may use; 0 means not stated
 * @param scratchMib disk in MiB for the job's folders; 0 means not stated
 * @param gpus whole GPUs; default 0
 */
public record Resources(double cpus, long memoryMib, long scratchMib, int gpus) {
  /** One core and nothing else stated. */
  public static final Resources DEFAULT = new Resources(1, 0, 0, 0);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public Resources {
    if (!(cpus > 0 && cpus <= 1024)) {
      throw new IllegalArgumentException(
          "cpus must be more than 0 and at most 1024, but was " + cpus);
    }
    if (memoryMib < 0 || scratchMib < 0 || gpus < 0) {
      throw new IllegalArgumentException(
          "memoryMib, scratchMib and gpus must not be negative, but were %d, %d and %d"
              .formatted(memoryMib, scratchMib, gpus));
    }
  }

  /** Returns one with these cores and memory (MiB). */
  public static Resources of(double cpus, long memoryMib) {
    return new Resources(cpus, memoryMib, 0, 0);
  }

  /** Returns a copy with another memory in MiB. */
  public Resources memoryMib(long mib) {
    return new Resources(cpus, mib, scratchMib, gpus);
  }
}
