package io.yunpipe.aws.sqs;

import io.yunpipe.BackendException;
import io.yunpipe.aws.sqs.SqsCalls.Refused;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out batches, some at once where there are many, and again for entries that failed for a
 * passing reason.
 */
final class Batches {
  private static final int ROUNDS = 7;
  private static final long FIRST_PAUSE_MILLIS = 50;

  private final Executor threads;
  private final int parallelism;

  /** Entries that stay undone. */
  static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int done;
    private final boolean passing;

    Undone(int done, String what, boolean passing, @Nullable Throwable cause) {
      super(what, cause);
      this.done = done;
      this.passing = passing;
    }

    /** Returns how many entries are done. */
    int done() {
      return done;
    }

    /** Returns whether the same may succeed later. */
    boolean passing() {
      return passing;
    }
  }

  Batches(Executor threads, int parallelism) {
    this.threads = threads;
    this.parallelism = parallelism;
  }

  /**
   * Carries out batches.
   *
   * @param call carries out one and returns what was refused
   * @param harmless tells refusals that are none
   * @throws Undone if entries are not done in the end
   */
  <T> void run(
      List<List<T>> batches, Function<List<T>, List<Refused>> call, Predicate<Refused> harmless) {
    Work<T> work = new Work<>(batches.iterator(), call, harmless);
    int others = Math.min(parallelism, batches.size()) - 1;
    Semaphore ended = new Semaphore(0);
    for (int i = 0; i < others; i++) {
      threads.execute(
          () -> {
            try {
              work.run();
            } finally {
              ended.release();
            }
          });
    }
    work.run();
    ended.acquireUninterruptibly(Math.max(0, others));
    work.throwIfUndone();
  }

  /** What threads share while they carry out batches. */
  private static final class Work<T> {
    private final Iterator<List<T>> batches;
    private final Function<List<T>, List<Refused>> call;
    private final Predicate<Refused> harmless;
    private int done;
    private @Nullable RuntimeException failure;

    Work(
        Iterator<List<T>> batches,
        Function<List<T>, List<Refused>> call,
        Predicate<Refused> harmless) {
      this.batches = batches;
      this.call = call;
      this.harmless = harmless;
    }

    void run() {
      for (List<T> batch = next(); !batch.isEmpty(); batch = next()) {
        try {
          carryOut(batch);
        } catch (RuntimeException e) {
          fail(e);
        }
      }
    }

    private synchronized List<T> next() {
      return failure == null && batches.hasNext() ? batches.next() : List.of();
    }

    private synchronized void fail(RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }

    private synchronized void done(int more) {
      done += more;
    }

    private void carryOut(List<T> batch) {
      List<T> left = batch;
      for (int round = 1; !left.isEmpty(); round++) {
        List<T> again = new ArrayList<>();
        @Nullable Refused last = null;
        boolean hopeless = false;
        for (Refused refused : call.apply(left)) {
          if (!harmless.test(refused)) {
            again.add(left.get(refused.entry()));
            last = refused;
            hopeless |= refused.ours();
          }
        }
        done(left.size() - again.size());
        if (last != null && (hopeless || round == ROUNDS)) {
          throw new Undone(0, last.code() + ": " + last.message(), !hopeless, null);
        }
        if (last != null) {
          pause(FIRST_PAUSE_MILLIS << round);
        }
        left = again;
      }
    }

    private static void pause(long millis) {
      try {
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Undone(0, "interrupted while waiting to try again", true, e);
      }
    }

    synchronized void throwIfUndone() {
      if (failure instanceof Undone undone) {
        throw new Undone(done, String.valueOf(undone.getMessage()), undone.passing(), undone);
      }
      if (failure != null && done == 0) {
        throw failure;
      }
      if (failure instanceof BackendException unreachable) {
        throw new Undone(
            done, String.valueOf(unreachable.getMessage()), unreachable.retryable(), unreachable);
      }
      if (failure instanceof SqsRefusal refusal) {
        throw new Undone(
            done, String.valueOf(refusal.getMessage()), refusal.error().passing(), refusal);
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}
