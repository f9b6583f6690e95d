package io.yunpipe.runner;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the leases of messages that are being worked on, from one thread for all. Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Duration lease;
  private final Set<Held> all = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "yunpipe-leases");
            thread.setDaemon(true);
            return thread;
          });

  /** Creates a keeper that extends by {@code lease} whenever a third of it has passed. */
  public LeaseKeeper(Duration lease) {
    this.lease = lease;
    long period = Math.max(1, lease.toMillis() / 3);
    // Nothing is lost with the future: extendAll catches what it throws.
    var unused = timer.scheduleAtFixedRate(this::extendAll, period, period, TimeUnit.MILLISECONDS);
  }

  /** Returns the length of a lease. */
  Duration lease() {
    return lease;
  }

  /** Keeps the leases of messages until the result is closed. */
  Held hold(JobQueue queue, List<Message> messages) {
    Held held = new Held(queue, ConcurrentHashMap.newKeySet());
    held.messages().addAll(messages);
    all.add(held);
    return held;
  }

  /** Messages whose leases are kept. Two are the same only if they are one object. */
  final class Held implements AutoCloseable {
    private final JobQueue queue;
    private final Set<Message> messages;

    private Held(JobQueue queue, Set<Message> messages) {
      this.queue = queue;
      this.messages = messages;
    }

    private Set<Message> messages() {
      return messages;
    }

    /** Stops keeping some of the leases. */
    void settled(List<Message> done) {
      done.forEach(messages::remove);
    }

    private void extend() {
      List<Message> now = List.copyOf(messages);
      if (!now.isEmpty()) {
        queue.extend(now, lease);
      }
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  private void extendAll() {
    for (Held held : all) {
      try {
        held.extend();
      } catch (RuntimeException e) {
        logger.warn("Could not extend leases, jobs may run twice: {}", e.toString());
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
