package io.yunpipe.aws.sqs;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls that wait at the service, in threads of their own: no client can be relied on to end such a
 * call, so whoever closes leaves it behind. Thread-safe.
 */
final class LongPolls<T> {
  private final Executor threads;
  private final T nothing;
  private final Consumer<T> late;
  private final Map<Object, CompletableFuture<T>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Creates it.
   *
   * @param nothing what callers get when this is closed
   * @param late takes the results of calls that nobody waits for any more
   */
  LongPolls(Executor threads, T nothing, Consumer<T> late) {
    this.threads = threads;
    this.nothing = nothing;
    this.late = late;
  }

  /** Makes a call and waits for its result, or until this is closed or the thread interrupted. */
  T await(Supplier<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Object key = new Object();
    waiting.put(key, result);
    if (closed) {
      result.complete(nothing);
    }
    threads.execute(() -> make(call, result));
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return result.complete(nothing) ? nothing : result.join();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("A call threw what it may not", e);
    } finally {
      waiting.remove(key);
    }
  }

  private void make(Supplier<T> call, CompletableFuture<T> result) {
    try {
      T answer = call.get();
      if (!result.complete(answer)) {
        late.accept(answer);
      }
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends all waits. */
  void close() {
    closed = true;
    waiting.values().forEach(result -> result.complete(nothing));
  }
}
