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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the leases of messages that are being worked on, from one thread for all. Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

  private static final long RELIEF_MILLIS = 100;

  private final Duration lease;
  private final Set<Held> all = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer = timer("yunpipe-leases");
  private final ScheduledExecutorService reliever = timer("yunpipe-relief");

  /** Creates a keeper that extends by {@code lease} whenever a third of it has passed. */
  public LeaseKeeper(Duration lease) {
    this.lease = lease;
    long period = Math.max(1, lease.toMillis() / 3);
    // Nothing is lost with the future: extendAll catches what it throws.
    var unused = timer.scheduleAtFixedRate(this::extendAll, period, period, TimeUnit.MILLISECONDS);
    var unusedToo =
        reliever.scheduleWithFixedDelay(
            this::relieveAll, RELIEF_MILLIS, RELIEF_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns the length of a lease. */
  Duration lease() {
    return lease;
  }

  /**
   * Keeps the leases of messages until the result is closed.
   *
   * @param messages tells which, each time
   * @param relief called often, to see whether one of them takes long
   */
  Held hold(JobQueue queue, Supplier<List<Message>> messages, Runnable relief) {
    Held held = new Held(queue, messages, relief);
    all.add(held);
    return held;
  }

  /** Messages whose leases are kept. Two are the same only if they are one object. */
  final class Held implements AutoCloseable {
    private final JobQueue queue;
    private final Supplier<List<Message>> messages;
    private final Runnable relief;

    private Held(JobQueue queue, Supplier<List<Message>> messages, Runnable relief) {
      this.queue = queue;
      this.messages = messages;
      this.relief = relief;
    }

    private void extend() {
      List<Message> now = messages.get();
      if (!now.isEmpty()) {
        queue.extend(now, lease);
      }
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  private void relieveAll() {
    for (Held held : all) {
      try {
        held.relief.run();
      } catch (RuntimeException e) {
        logger.warn("Could not settle what is done beside a long job yet: {}", e.toString());
      }
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
    reliever.shutdownNow();
  }
}
