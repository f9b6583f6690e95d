package io.yunpipe.testkit;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueArguments;
import io.yunpipe.spi.QueueDepth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue in memory, for simulations and for tests of what uses a queue. The same calls at the same
 * times of its clock give the same answers: messages come in the order in which they became ready,
 * then in the order sent. Thread-safe. Closing it loses nothing, so that tests can play a restart.
 */
public final class MemoryJobQueue implements JobQueue {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> entry.visible).thenComparingLong(entry -> entry.number);

  private final Clock clock;
  private final int maxReceives;
  private final @Nullable MemoryJobQueue dead;
  private final Map<String, Entry> byId = new HashMap<>();
  private final TreeSet<Entry> byTime = new TreeSet<>(ORDER);
  private long sent;

  /**
   * Creates an empty queue.
   *
   * @param clock decides when leases and delays end
   * @param maxReceives how often a message is delivered before it becomes a dead letter, from 1
   */
  public MemoryJobQueue(Clock clock, int maxReceives) {
    this(
        clock,
        QueueArguments.atLeastOne(maxReceives, "maxReceives"),
        new MemoryJobQueue(clock, 0, null));
  }

  private MemoryJobQueue(Clock clock, int maxReceives, @Nullable MemoryJobQueue dead) {
    this.clock = clock;
    this.maxReceives = maxReceives;
    this.dead = dead;
  }

  @Override
  public synchronized void send(List<String> bodies, Duration delay) {
    QueueArguments.notNegative(delay, "delay");
    bodies.forEach(QueueArguments::body);
    Instant visible = clock.instant().plus(delay);
    for (String body : bodies) {
      Entry entry = new Entry(++sent, body, visible);
      byId.put(entry.id(), entry);
      byTime.add(entry);
    }
    notifyAll();
  }

  @Override
  public synchronized List<Message> receive(int max, Duration wait, Duration lease) {
    QueueArguments.atLeastOne(max, "max");
    QueueArguments.notNegative(wait, "wait");
    QueueArguments.notNegative(lease, "lease");
    long start = System.nanoTime();
    while (true) {
      List<Message> messages = take(max, lease);
      long left = TimeUnit.NANOSECONDS.convert(wait) - (System.nanoTime() - start);
      if (!messages.isEmpty() || left <= 0) {
        return messages;
      }
      try {
        // The clock may be moved while we wait, so look again now and then.
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, POLL_NANOS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }
  }

  private List<Message> take(int max, Duration lease) {
    Instant now = clock.instant();
    List<Entry> due = new ArrayList<>();
    while (due.size() < max && !byTime.isEmpty() && !byTime.first().visible.isAfter(now)) {
      Entry entry = byTime.first();
      byTime.remove(entry);
      if (dead != null && entry.receives >= maxReceives) {
        byId.remove(entry.id());
        dead.send(List.of(entry.body), Duration.ZERO);
      } else {
        due.add(entry);
      }
    }
    List<Message> messages = new ArrayList<>();
    for (Entry entry : due) {
      entry.receives++;
      entry.leased = true;
      hide(entry, now.plus(lease));
      messages.add(new Message(entry.id(), entry.body, entry.receipt(), entry.receives));
    }
    return messages;
  }

  @Override
  public synchronized void extend(Collection<Message> messages, Duration lease) {
    QueueArguments.notNegative(lease, "lease");
    Instant now = clock.instant();
    for (Entry entry : held(messages, now)) {
      hide(entry, now.plus(lease));
    }
  }

  @Override
  public synchronized void acknowledge(Collection<Message> messages) {
    for (Message message : messages) {
      Entry entry = byId.remove(message.id());
      if (entry != null) {
        byTime.remove(entry);
      }
    }
  }

  @Override
  public synchronized void release(Collection<Message> messages, Duration delay) {
    QueueArguments.notNegative(delay, "delay");
    Instant now = clock.instant();
    for (Entry entry : held(messages, now)) {
      entry.leased = false;
      hide(entry, now.plus(delay));
    }
    notifyAll();
  }

  @Override
  public synchronized QueueDepth depth() {
    Instant now = clock.instant();
    long ready = byTime.stream().filter(entry -> !entry.visible.isAfter(now)).count();
    long leased = byTime.stream().filter(e -> e.leased && e.visible.isAfter(now)).count();
    return new QueueDepth(ready, leased, byTime.size() - ready - leased);
  }

  @Override
  public JobQueue deadLetters() {
    if (dead == null) {
      throw new UnsupportedOperationException("This is the queue of dead letters; it has none");
    }
    return dead;
  }

  @Override
  public void close() {
    // Keeps its messages: see the class comment.
  }

  private List<Entry> held(Collection<Message> messages, Instant now) {
    List<Entry> held = new ArrayList<>();
    for (Message message : messages) {
      Entry entry = byId.get(message.id());
      if (entry != null
          && entry.leased
          && entry.visible.isAfter(now)
          && entry.receipt().equals(message.receipt())) {
        held.add(entry);
      }
    }
    return held;
  }

  private void hide(Entry entry, Instant until) {
    byTime.remove(entry);
    entry.visible = until;
    byTime.add(entry);
  }

  private static final class Entry {
    final long number;
    final String body;
    Instant visible;
    int receives;
    boolean leased;

    Entry(long number, String body, Instant visible) {
      this.number = number;
      this.body = body;
      this.visible = visible;
    }

    String id() {
      return "m" + number;
    }

    String receipt() {
      return id() + "." + receives;
    }
  }
}
