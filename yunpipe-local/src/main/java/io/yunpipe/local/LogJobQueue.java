package io.yunpipe.local;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueArguments;
import io.yunpipe.spi.QueueDepth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable queue in a folder. Several processes of one machine may open it at once; none leads.
 * Each operation locks the folder, takes in what others have appended to the logs, appends its own
 * records and lets go; what must be durable is then made so by an fsync that concurrent callers
 * share.
 *
 * <p>What was sent or acknowledged survives {@code kill -9} at any moment and, with fsync, a power
 * cut. Leases of a process that has died end at once. Memory holds what is in work, not what waits.
 */
public final class LogJobQueue implements JobQueue {
  private static final Logger logger = LoggerFactory.getLogger(LogJobQueue.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LIVENESS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int BURIED_AT_ONCE = 100;

  private final Path folder;
  private final Clock clock;
  private final boolean fsync;
  private final int maxReceives;
  private final boolean hasDeadLetters;
  private final QueueLogs.Limits limits;
  private final QueueLogs logs;
  private final QueueLock lock;
  private final QueueState state;
  private final Receipts receipts;
  private int owner;
  private long checkedLiveness;
  private @Nullable LogJobQueue dead;
  private volatile boolean closed;

  private LogJobQueue(
      Path folder,
      Clock clock,
      boolean fsync,
      int maxReceives,
      boolean hasDeadLetters,
      QueueLogs.Limits limits) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.fsync = fsync;
    this.maxReceives = QueueArguments.atLeastOne(maxReceives, "maxReceives");
    this.hasDeadLetters = hasDeadLetters;
    this.limits = limits;
    this.logs = QueueLogs.open(folder, fsync, limits);
    this.lock = logs.lock();
    this.state = logs.state();
    this.receipts = new Receipts(state.tag());
  }

  /**
   * Opens the queue in a folder, or makes it. Ends the leases of processes that have died.
   *
   * @param folder where its files are
   * @param clock decides when leases and delays end; the clocks of all processes should agree
   * @param fsync whether what is sent and acknowledged is to survive a power cut
   * @param maxReceives how often a message is delivered before it becomes a dead letter, from 1
   * @throws io.yunpipe.BackendException if the folder cannot be used or a file is damaged
   */
  public static LogJobQueue open(Path folder, Clock clock, boolean fsync, int maxReceives) {
    return open(folder, clock, fsync, maxReceives, QueueLogs.Limits.DEFAULT);
  }

  static LogJobQueue open(
      Path folder, Clock clock, boolean fsync, int maxReceives, QueueLogs.Limits limits) {
    LogJobQueue queue = new LogJobQueue(folder, clock, fsync, maxReceives, true, limits);
    queue.tidy();
    return queue;
  }

  /**
   * Deletes the queue in a folder with all its messages. Other programs that have it open are told
   * so at their next call. Does nothing if there is none.
   */
  public static void delete(Path folder) {
    QueueLogs.delete(folder);
  }

  @Override
  public void send(List<String> bodies, Duration delay) {
    QueueArguments.notNegative(delay, "delay");
    List<byte[]> encoded = bodies.stream().map(QueueArguments::body).toList();
    if (encoded.isEmpty()) {
      return;
    }
    long sent;
    EventLog.@Nullable Mark held = null;
    enter();
    try {
      logs.lockAndRefresh();
      try {
        long[] positions = logs.messages().append(encoded, !delay.isZero());
        sent = logs.messages().end();
        if (!delay.isZero()) {
          logs.events().addHold(after(clock.millis(), delay), positions);
          logs.events().commit();
          held = logs.events().mark();
        }
      } finally {
        logs.unlock();
      }
      lock.signal(encoded.size());
    } finally {
      lock.leave();
    }
    logs.messages().sync(sent);
    if (held != null) {
      logs.events().sync(held);
    }
  }

  @Override
  public List<Message> receive(int max, Duration wait, Duration lease) {
    QueueArguments.atLeastOne(max, "max");
    QueueArguments.notNegative(wait, "wait");
    QueueArguments.notNegative(lease, "lease");
    long start = System.nanoTime();
    long waitNanos = TimeUnit.NANOSECONDS.convert(wait);
    enter();
    try {
      while (!closed) {
        List<Message> messages = mayHaveReady() ? take(max, lease) : List.of();
        long left = waitNanos - (System.nanoTime() - start);
        if (!messages.isEmpty() || left <= 0) {
          return messages;
        }
        lock.await(Math.min(left, POLL_NANOS));
      }
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      lock.leave();
    }
  }

  /** Tells cheaply, without locking others out, that there is nothing. */
  private boolean mayHaveReady() {
    return logs.changed()
        || logs.waiting() > 0
        || state.hasDue(clock.millis())
        || (System.nanoTime() - checkedLiveness > LIVENESS_NANOS && othersHoldLeases());
  }

  private boolean othersHoldLeases() {
    for (Lessee lessee : state.owners().values()) {
      if (!lessee.isCurrent()) {
        return true;
      }
    }
    return false;
  }

  private List<Message> take(int max, Duration lease) {
    logs.lockAndRefresh();
    try {
      if (logs.waiting() == 0 && !state.hasDue(clock.millis())) {
        endDeadLeases();
      }
      QueueBatch batch = new QueueBatch(max);
      long now = clock.millis();
      while (collectDue(batch, now)) {
        // Each round buries some dead letters and looks on.
      }
      long cursor = collectWaiting(batch);
      if (batch.isEmpty()) {
        return List.of();
      }
      long ordinal = state.ordinal() + batch.fresh();
      long[] positions = batch.positions();
      registerOwner();
      logs.events()
          .addLease(owner, after(now, lease), cursor, ordinal, logs.messages().synced(), positions);
      logs.events().commit();
      return batch.messages(state, receipts);
    } finally {
      logs.unlock();
    }
  }

  /** Collects messages that were delivered or held back before; returns whether to look again. */
  private boolean collectDue(QueueBatch batch, long now) {
    List<Long> poison = new ArrayList<>();
    for (QueueState.Entry entry : state.entriesByTime()) {
      if (entry.until > now || batch.isFull() || poison.size() >= BURIED_AT_ONCE) {
        break;
      }
      if (hasDeadLetters && entry.receives >= maxReceives) {
        poison.add(entry.position);
      } else {
        batch.add(entry.position, logs.messages().read(entry.position));
      }
    }
    if (poison.isEmpty()) {
      return false;
    }
    batch.clear();
    bury(poison);
    return true;
  }

  /** Moves messages to the dead letters: there first, so that none is lost between. */
  private void bury(List<Long> positions) {
    List<String> bodies = new ArrayList<>();
    for (Long position : positions) {
      bodies.add(new String(logs.messages().read(position), StandardCharsets.UTF_8));
    }
    openDeadLetters().send(bodies, Duration.ZERO);
    logs.events().addRemove(QueueBatch.toArray(positions));
    logs.events().commit();
    logs.events().begin();
    logger.warn(
        "Delivered too often, now dead letters: queue={} messages={}", folder, bodies.size());
  }

  /** Collects messages that were never delivered; returns the new cursor. */
  private long collectWaiting(QueueBatch batch) {
    long cursor = state.cursor();
    while (!batch.isFull() && state.ordinal() + batch.fresh() < logs.messages().ordinal()) {
      MessageLog.Stored stored = logs.messages().next(cursor);
      if (stored == null) {
        break;
      }
      batch.addFresh(stored.position, stored.body);
      cursor = stored.after;
    }
    boolean none = state.ordinal() + batch.fresh() == logs.messages().ordinal();
    return none ? logs.messages().end() : cursor; // passes delayed ones, so that segments get free
  }

  private void registerOwner() {
    if (!state.knowsOwner(owner)) {
      owner = state.lastOwner() + 1;
      logs.events().addOwner(owner, Lessee.current());
    }
  }

  private void endDeadLeases() {
    checkedLiveness = System.nanoTime();
    List<Integer> gone =
        state.owners().entrySet().stream()
            .filter(entry -> entry.getValue().isDead())
            .map(Map.Entry::getKey)
            .toList();
    if (!gone.isEmpty()) {
      long now = clock.millis();
      gone.forEach(number -> logs.events().addOwnerDied(number, now));
      logs.events().commit();
      logs.events().begin();
      logger.debug(
          "Ended the leases of processes that died: queue={} processes={}", folder, gone.size());
    }
  }

  private void tidy() {
    enter();
    try {
      logs.lockAndRefresh();
      try {
        endDeadLeases();
      } finally {
        logs.unlock();
      }
    } finally {
      lock.leave();
    }
    acknowledge(List.of());
  }

  @Override
  public void extend(Collection<Message> messages, Duration lease) {
    QueueArguments.notNegative(lease, "lease");
    forHeld(messages, (events, held) -> events.addExtend(after(clock.millis(), lease), held));
  }

  @Override
  public void release(Collection<Message> messages, Duration delay) {
    QueueArguments.notNegative(delay, "delay");
    forHeld(messages, (events, held) -> events.addHold(after(clock.millis(), delay), held));
  }

  private void forHeld(Collection<Message> messages, BiConsumer<EventLog, long[]> action) {
    List<Receipts.Delivery> deliveries = receipts.deliveries(messages);
    enter();
    try {
      logs.lockAndRefresh();
      try {
        long now = clock.millis();
        long[] held =
            deliveries.stream()
                .filter(delivery -> isHeld(delivery, now))
                .mapToLong(Receipts.Delivery::position)
                .toArray();
        action.accept(logs.events(), held);
        logs.events().commit();
      } finally {
        logs.unlock();
      }
      lock.signal(messages.size());
    } finally {
      lock.leave();
    }
  }

  private boolean isHeld(Receipts.Delivery delivery, long now) {
    QueueState.Entry entry = state.find(delivery.position());
    return entry != null && entry.receives == delivery.receives() && entry.isLeased(now);
  }

  @Override
  public void acknowledge(Collection<Message> messages) {
    List<Receipts.Delivery> deliveries = receipts.deliveries(messages);
    List<Path> obsolete;
    EventLog.Mark done;
    enter();
    try {
      logs.lockAndRefresh();
      try {
        long[] there =
            deliveries.stream()
                .mapToLong(Receipts.Delivery::position)
                .filter(position -> state.find(position) != null)
                .toArray();
        logs.events().addRemove(there);
        logs.events().commit();
        done = logs.events().mark();
        obsolete = logs.messages().takeObsolete(state);
      } finally {
        logs.unlock();
      }
    } finally {
      lock.leave();
    }
    logs.events().sync(done);
    // Only now: after a power cut the log must not speak of messages whose file is gone.
    obsolete.forEach(QueueFolder::deleteSpare);
  }

  @Override
  public QueueDepth depth() {
    enter();
    try {
      if (logs.changed()) {
        logs.lockAndRefresh();
        logs.unlock();
      }
      long now = clock.millis();
      long ready = logs.waiting();
      long leased = 0;
      for (QueueState.Entry entry : state.entries()) {
        if (entry.until <= now) {
          ready++;
        } else if (entry.isLeased(now)) {
          leased++;
        }
      }
      return new QueueDepth(
          ready, leased, logs.waiting() + state.entries().size() - ready - leased);
    } finally {
      lock.leave();
    }
  }

  @Override
  public JobQueue deadLetters() {
    enter();
    try {
      return openDeadLetters();
    } finally {
      lock.leave();
    }
  }

  private LogJobQueue openDeadLetters() {
    if (!hasDeadLetters) {
      throw new UnsupportedOperationException(folder + " holds dead letters; it has none itself");
    }
    LogJobQueue queue = dead;
    if (queue == null || queue.closed) {
      queue = new LogJobQueue(folder.resolve("dead"), clock, fsync, 1, false, limits);
      dead = queue;
    }
    return queue;
  }

  /** Closes the files. Leases stay until they end, or until this process does. */
  @Override
  public void close() {
    lock.enter();
    try {
      if (closed) {
        return;
      }
      closed = true;
      lock.signal(Integer.MAX_VALUE);
      if (dead != null) {
        dead.close();
      }
    } finally {
      lock.leave();
    }
    logs.close();
  }

  private void enter() {
    lock.enter();
    if (closed) {
      lock.leave();
      throw new IllegalStateException("The queue in " + folder + " is closed");
    }
  }

  /** Adds a time in milliseconds, rounded up; a time without end stays one. */
  private static long after(long now, Duration time) {
    long millis = TimeUnit.MILLISECONDS.convert(time.plusNanos(999_999));
    return millis > Long.MAX_VALUE / 2 ? Long.MAX_VALUE / 2 : now + millis;
  }
}
