package io.yunpipe.internal;

import io.yunpipe.BackendException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks, a few at a time, and tells the first failure. With one at a time they run in the
 * calling thread. For one caller.
 */
final class Parallel implements AutoCloseable {
  private final int most;
  private final String name;
  private final Semaphore free;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable ExecutorService threads;

  /**
   * Creates it.
   *
   * @param most how many tasks at once, from 1
   * @param name what its threads are called
   */
  Parallel(int most, String name) {
    this.most = most;
    this.name = name;
    this.free = new Semaphore(most);
  }

  /** Runs a task, now or as soon as another has ended; throws what an earlier one threw. */
  void run(Runnable task) {
    if (most == 1) {
      task.run();
      return;
    }
    take(1);
    threads()
        .execute(
            () -> {
              try {
                task.run();
              } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
              } finally {
                free.release();
              }
            });
  }

  /** Waits for all tasks; throws what the first that failed threw. */
  void finish() {
    if (most > 1) {
      take(most);
      free.release(most);
    }
  }

  private void take(int permits) {
    try {
      free.acquire(permits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("Interrupted while objects were moved; try again", true, e);
    }
    Throwable failed = failure.get();
    if (failed != null) {
      free.release(permits);
      if (failed instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failed;
    }
  }

  private ExecutorService threads() {
    ExecutorService running = threads;
    if (running == null) {
      running =
          Executors.newFixedThreadPool(
              most,
              task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
              });
      threads = running;
    }
    return running;
  }

  /** Ends the threads; tasks that still run are interrupted. */
  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
