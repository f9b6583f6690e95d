package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;

/** The cores and memory that jobs share. Thread-safe. */
final class Capacity {
  private final double cpus;
  private final long memoryMib;
  private final String hint;
  private double freeCpus;
  private long freeMemoryMib;

  Capacity(ThreadSettings settings) {
    this.cpus = settings.cpus();
    this.memoryMib = settings.memoryMib();
    this.hint = settings.hint();
    this.freeCpus = cpus;
    this.freeMemoryMib = memoryMib;
  }

  /**
   * Checks that a job can run here at all.
   *
   * @throws BackendException if it needs more than there is
   */
  void check(String stage, Resources job) {
    if (job.cpus() > cpus || job.memoryMib() > memoryMib || job.gpus() > 0) {
      throw new BackendException(
          ("Stage %s needs %s cores, %d MiB of memory and %d GPUs for each job; jobs on this machine may"
                  + " take %s cores, %d MiB and no GPU. %s")
              .formatted(stage, job.cpus(), job.memoryMib(), job.gpus(), cpus, memoryMib, hint),
          null);
    }
  }

  synchronized boolean take(Resources job) {
    if (job.cpus() > freeCpus + 1e-9 || job.memoryMib() > freeMemoryMib) {
      return false;
    }
    freeCpus -= job.cpus();
    freeMemoryMib -= job.memoryMib();
    return true;
  }

  synchronized void giveBack(Resources job) {
    freeCpus = Math.min(cpus, freeCpus + job.cpus());
    freeMemoryMib = Math.min(memoryMib, freeMemoryMib + job.memoryMib());
  }
}
