package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The threads of a store, which go when idle. Tasks never wait for other tasks. */
final class Parallel implements AutoCloseable {
  private static final AtomicInteger number = new AtomicInteger();

  private final ThreadPoolExecutor threads;

  Parallel(int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "yunpipe-s3-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  ExecutorService threads() {
    return threads;
  }

  /** Applies a function to each, several at once; results are in order. */
  <A, B> List<B> map(List<A> items, Function<A, B> function) {
    if (items.size() <= 1) {
      return items.stream().map(function).toList();
    }
    List<Future<B>> futures = new ArrayList<>(items.size());
    try {
      items.forEach(item -> futures.add(threads.submit(() -> function.apply(item))));
      List<B> results = new ArrayList<>(items.size());
      for (Future<B> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("Interrupted while waiting for S3", true, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BackendException failure) {
        throw new BackendException(
            String.valueOf(failure.getMessage()), failure.retryable(), failure);
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      futures.forEach(future -> future.cancel(false));
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
