package io.yunpipe.runner;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Starts one process and waits for its end, in the calling thread. */
final class ProcessRunner {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Ends what was started. */
  interface Ender {
    /** Ends everything at once or after a grace; the process has ended when it returns. */
    void end(Process process);

    /** Ends what still runs after the process; returns how many processes. */
    int endLeftovers(Process process);
  }

  /**
   * How a process ended.
   *
   * @param code its exit code, -1 if it was ended at its time limit
   */
  record Exit(int code, boolean timedOut, Duration took, int leftovers) {}

  /** The process could not be started. */
  static final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final IOException failure;

    StartException(IOException failure) {
      super(failure);
      this.failure = failure;
    }

    IOException failure() {
      return failure;
    }
  }

  private ProcessRunner() {}

  /**
   * Runs a process to its end.
   *
   * @param limitMillis time limit, 0 for none
   * @throws InterruptedException if the attempt was stopped; everything has ended then
   */
  static Exit run(
      ProcessBuilder builder, long limitMillis, Running running, JobLog log, Ender ender)
      throws IOException, InterruptedException, StartException {
    running.check();
    long start = System.nanoTime();
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new StartException(e);
    }
    boolean timedOut = false;
    try {
      while (!process.waitFor(slice(limitMillis, start), TimeUnit.NANOSECONDS)) {
        running.check();
        log.limit();
        if (remaining(limitMillis, start) <= 0) {
          timedOut = true;
          break;
        }
      }
    } catch (InterruptedException | IOException | RuntimeException e) {
      ender.end(process);
      throw e;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (timedOut) {
      ender.end(process);
      return new Exit(-1, true, took, 0);
    }
    int code = process.exitValue();
    int leftovers = ender.endLeftovers(process);
    if (code != 0 && ProgramEnd.explains(code, running)) {
      throw new InterruptedException("the program is ending");
    }
    return new Exit(code, false, took, leftovers);
  }

  private static long slice(long limitMillis, long start) {
    return Math.max(1, Math.min(SLICE_NANOS, remaining(limitMillis, start)));
  }

  private static long remaining(long limitMillis, long start) {
    return limitMillis == 0
        ? Long.MAX_VALUE
        : TimeUnit.MILLISECONDS.toNanos(limitMillis) - (System.nanoTime() - start);
  }
}
