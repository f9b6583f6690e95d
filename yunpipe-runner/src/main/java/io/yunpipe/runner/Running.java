package io.yunpipe.runner;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** An attempt that is being executed, as other threads see it. */
final class Running {
  /** Opens a log that is still being written. */
  interface LogSource {
    InputStream open() throws IOException;
  }

  private final Attempt attempt;
  private volatile boolean stopped;
  private volatile @Nullable LogSource log;
  private volatile String note = "";
  private @Nullable Thread interruptible;

  Running(Attempt attempt) {
    this.attempt = attempt;
  }

  Attempt attempt() {
    return attempt;
  }

  boolean stopped() {
    return stopped;
  }

  /** Asks for the end; the thread that executes the attempt sees to it. */
  void stop() {
    stopped = true;
    interrupt();
  }

  /** Interrupts the thread that is between {@link #enter} and {@link #leave}, if there is one. */
  synchronized void interrupt() {
    if (interruptible != null) {
      interruptible.interrupt();
    }
  }

  /** Lets {@link #stop} interrupt this thread until {@link #leave}. */
  synchronized void enter() throws InterruptedException {
    check();
    interruptible = Thread.currentThread();
  }

  /** Ends what {@link #enter} began, and takes back an interrupt that came from {@link #stop}. */
  synchronized void leave() {
    interruptible = null;
    if (stopped) {
      Thread.interrupted();
    }
  }

  /** Throws if the attempt shall end. */
  void check() throws InterruptedException {
    if (stopped || Thread.interrupted()) {
      throw new InterruptedException(
          "attempt " + attempt.id() + " of job " + attempt.job() + " was stopped");
    }
  }

  /** Takes what the attempt waits for; empty: for nothing. */
  void note(String text) {
    note = text;
  }

  String note() {
    return note;
  }

  void log(LogSource source) {
    log = source;
  }

  @Nullable LogSource log() {
    return log;
  }
}
