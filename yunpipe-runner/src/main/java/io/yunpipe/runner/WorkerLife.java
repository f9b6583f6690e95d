package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a worker's process: takes messages until none has come for a while, or until it is
 * asked to end. Thread-safe.
 */
final class WorkerLife {
  private static final Logger logger = LoggerFactory.getLogger(WorkerLife.class);

  /** As long as queues let a receiver wait. */
  private static final Duration POLL = Duration.ofSeconds(20);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /** What is given beyond the grace to those who hold messages, and to one who waits for some. */
  private static final Duration RELEASE = Duration.ofSeconds(5);

  private static final Duration LAST_POLL = Duration.ofSeconds(2);

  private final Workplace place;
  private final String stage;
  private final Duration idle;
  private final Duration grace;
  private final int threads;
  private final BooleanSupplier done;
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private boolean stopping;
  private volatile boolean contact;
  private @Nullable Throwable failure;

  /**
   * Creates it.
   *
   * @param done says that nothing will come any more
   */
  WorkerLife(
      Workplace place,
      String stage,
      Duration idle,
      Duration grace,
      int threads,
      BooleanSupplier done) {
    this.place = place;
    this.stage = stage;
    this.idle = idle;
    this.grace = grace;
    this.threads = threads;
    this.done = done;
  }

  /** Works to its end; returns how many jobs were done. */
  int run() throws InterruptedException {
    List<Thread> all = new ArrayList<>();
    for (int i = 1; i <= threads; i++) {
      Thread thread = new Thread(this::serve, "worker-" + i);
      thread.setDaemon(true);
      all.add(thread);
      thread.start();
    }
    for (Thread thread : all) {
      while (thread.isAlive() && !isStopping()) {
        thread.join(100);
      }
    }
    if (isStopping()) {
      awaitRelease(all);
    }
    return jobs.get();
  }

  /**
   * Waits for those who hold messages; one who only waits for messages gets less, since a waiting
   * call cannot be cut off: what it still receives comes back when the lease ends.
   */
  private void awaitRelease(List<Thread> all) throws InterruptedException {
    place.executor().close();
    long start = System.nanoTime();
    for (Thread thread : all) {
      while (thread.isAlive()) {
        long passed = System.nanoTime() - start;
        Duration limit = working.get() > 0 ? RELEASE : LAST_POLL;
        if (passed >= limit.toNanos()) {
          return;
        }
        thread.join(20);
      }
    }
  }

  /** Returns what ended it, or null if nothing went wrong. */
  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized boolean isStopping() {
    return stopping;
  }

  /** Takes nothing more; jobs get SIGTERM and the grace, and what is held is given back. */
  void stop() {
    boolean first;
    synchronized (this) {
      first = !stopping;
      stopping = true;
      notifyAll();
    }
    if (first) {
      logger.info("Asked to end: jobs get {} s, what is held is given back", grace.toSeconds());
    } else {
      logger.info("Asked to end once more: jobs are ended at once");
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  private synchronized void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
    }
    stopping = true;
    notifyAll();
  }

  private void serve() {
    Pace pace = new Pace(place.worker().rhythm());
    long quietSince = System.nanoTime();
    while (!isStopping() && !done.getAsBoolean()) {
      long left = idle.toNanos() - (System.nanoTime() - quietSince);
      try {
        if (work(pace, Duration.ofNanos(Math.max(0, Math.min(left, POLL.toNanos()))))) {
          quietSince = System.nanoTime();
        } else if (left <= 0 && place.worker().reap(stage) == 0) {
          return;
        }
      } catch (InterruptedException e) {
        logger.debug("Work was ended: its run was stopped, or this worker ends");
      } catch (BackendException e) {
        failed(e, left);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  private boolean work(Pace pace, Duration wait) throws InterruptedException {
    List<Message> messages = place.worker().receive(stage, pace.batch(), wait);
    contact = true;
    working.incrementAndGet();
    try {
      int worked = place.worker().work(stage, messages, pace);
      jobs.addAndGet(worked);
      return !messages.isEmpty();
    } finally {
      working.decrementAndGet();
    }
  }

  /** A backend that answered before may do so again; one that never did will not. */
  private void failed(BackendException e, long left) {
    if (!contact || !e.retryable() || left <= 0) {
      fail(e);
    } else {
      logger.warn("Worker could not go on, tries again: stage={}: {}", stage, e.getMessage());
      pause();
    }
  }

  private synchronized void pause() {
    long end = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
    try {
      while (!stopping && System.nanoTime() - end < 0) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      stopping = true;
    }
  }
}
