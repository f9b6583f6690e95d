package io.yunpipe.runner;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells a command that failed from one that was ended together with this program. Ctrl-C in a
 * terminal, and the end of a session, signal all processes in front: the commands as well. Such a
 * job has not failed; whoever continues the run does it again.
 */
final class ProgramEnd {
  /** Exit codes after SIGHUP, SIGINT and SIGTERM. */
  private static final Set<Integer> SIGNALLED = Set.of(129, 130, 143);

  /** A command may be gone before this program has begun to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private ProgramEnd() {}

  /**
   * Returns whether a command that ended with this code did so because this program ends, or
   * because its run was stopped.
   */
  static boolean explains(int code, Running running) throws InterruptedException {
    long deadline = System.nanoTime() + (SIGNALLED.contains(code) ? PATIENCE.toNanos() : 0);
    while (!running.stopped() && !begun()) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }

  /** The Java runtime has no other way to tell. */
  private static boolean begun() {
    Thread hook = new Thread(() -> {}, "yunpipe-never-started");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
