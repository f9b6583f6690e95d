package io.yunpipe.internal;

import io.yunpipe.internal.Submission.Offer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads inputs in a thread of its own, so that those that are there can be sent on while their
 * source makes one wait for the next. For one reader.
 */
final class ReadAhead implements Iterator<Offer>, AutoCloseable {
  private static final int AHEAD = 16;

  /** What the source gave: an offer, a failure, or with neither its end. */
  private record Step(@Nullable Offer offer, @Nullable Throwable failure) {}

  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;
  private @Nullable Step next;

  ReadAhead(Iterator<Offer> source, String name) {
    thread = new Thread(() -> read(source), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void read(Iterator<Offer> source) {
    try {
      try {
        while (source.hasNext()) {
          steps.put(new Step(source.next(), null));
        }
        steps.put(new Step(null, null));
      } catch (RuntimeException | Error e) {
        steps.put(new Step(null, e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody reads on
    }
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      look(Long.MAX_VALUE);
    }
    return there(next);
  }

  /** Returns whether there is a next one by then; false does not mean that there will be none. */
  boolean hasNextWithin(long millis) {
    if (next == null) {
      look(millis);
    }
    return next != null && there(next);
  }

  private void look(long millis) {
    try {
      next = steps.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the next input", e);
    }
  }

  private static boolean there(Step step) {
    if (step.failure() instanceof Error error) {
      throw error;
    }
    if (step.failure() instanceof RuntimeException failure) {
      throw failure;
    }
    return step.offer() != null;
  }

  @Override
  public Offer next() {
    Step step = hasNext() ? next : null;
    if (step == null || step.offer() == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return step.offer();
  }

  /** Stops reading; returns when the source is left alone, or soon if it does not answer. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
