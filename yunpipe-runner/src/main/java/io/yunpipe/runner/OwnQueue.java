package io.yunpipe.runner;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueDepth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The queue of a worker that has its jobs from elsewhere: in memory, for this process alone. What
 * is taken is not offered again before it is given back. Thread-safe.
 */
final class OwnQueue implements JobQueue {
  private static final class Entry {
    private final String body;
    private long due;
    private int receives;
    private boolean taken;

    Entry(String body, long due) {
      this.body = body;
      this.due = due;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long sent;
  private boolean closed;

  /** Returns whether all that was sent is done. */
  synchronized boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public synchronized void send(List<String> bodies, Duration delay) {
    for (String body : bodies) {
      entries.put(String.valueOf(++sent), new Entry(body, System.nanoTime() + delay.toNanos()));
    }
    notifyAll();
  }

  @Override
  public synchronized List<Message> receive(int max, Duration wait, Duration lease) {
    long end = System.nanoTime() + wait.toNanos();
    List<Message> messages = take(max);
    while (messages.isEmpty() && !closed && System.nanoTime() - end < 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(end, nextDue(end)) - System.nanoTime());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      }
      messages = take(max);
    }
    return messages;
  }

  private long nextDue(long otherwise) {
    Optional<Entry> next =
        entries.values().stream()
            .filter(entry -> !entry.taken)
            .min(Comparator.comparingLong(entry -> entry.due));
    return next.map(entry -> Math.max(entry.due, System.nanoTime() + 1)).orElse(otherwise);
  }

  private List<Message> take(int max) {
    List<Message> messages = new ArrayList<>();
    long now = System.nanoTime();
    entries.forEach(
        (id, entry) -> {
          if (messages.size() < max && !closed && !entry.taken && entry.due - now <= 0) {
            entry.taken = true;
            entry.receives++;
            messages.add(new Message(id, entry.body, id, entry.receives));
          }
        });
    return messages;
  }

  @Override
  public void extend(Collection<Message> messages, Duration lease) {}

  @Override
  public synchronized void acknowledge(Collection<Message> messages) {
    messages.forEach(message -> entries.remove(message.id()));
  }

  @Override
  public synchronized void release(Collection<Message> messages, Duration delay) {
    for (Message message : messages) {
      Entry entry = entries.get(message.id());
      if (entry != null) {
        entry.taken = false;
        entry.due = System.nanoTime() + delay.toNanos();
      }
    }
    notifyAll();
  }

  @Override
  public synchronized QueueDepth depth() {
    long taken = entries.values().stream().filter(entry -> entry.taken).count();
    return new QueueDepth(entries.size() - taken, taken, 0);
  }

  @Override
  public JobQueue deadLetters() {
    throw new UnsupportedOperationException("jobs of a process's own are never given up");
  }

  /** Lets nobody wait any longer. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
