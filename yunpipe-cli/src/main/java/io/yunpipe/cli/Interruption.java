package io.yunpipe.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C (and SIGTERM) end a command in order: its thread is interrupted, and the process
 * waits until the command has ended its children and said how to go on. The process then ends with
 * 130 (143), as the Java runtime does it after a signal.
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 15;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "yunpipe-interruption");

  private Interruption() {}

  /** Runs a command; a signal interrupts this thread. */
  static int during(InterruptibleCommand command) throws IOException, InterruptedException {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    try {
      return command.call();
    } finally {
      interruption.end();
    }
  }

  /** What a signal may end. */
  @FunctionalInterface
  interface InterruptibleCommand {
    /** Returns the exit code. */
    int call() throws IOException, InterruptedException;
  }

  private void end() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook is running.
    }
  }

  private void interrupt() {
    worker.interrupt();
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Messages.error("Not everything could be ended within " + PATIENCE_SECONDS + " s.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
