package io.yunpipe.local;

import io.yunpipe.BackendException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of a queue, what they add up to, and the lock that guards them. */
final class QueueLogs implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(QueueLogs.class);

  /** Sizes at which files are followed by new ones. */
  record Limits(int segmentBytes, int eventBytes) {
    static final Limits DEFAULT = new Limits(8 << 20, 4 << 20);
  }

  private final QueueLock lock;
  private final QueueState state;
  private final EventLog events;
  private final MessageLog messages;

  private QueueLogs(QueueLock lock, QueueState state, EventLog events, MessageLog messages) {
    this.lock = lock;
    this.state = state;
    this.events = events;
    this.messages = messages;
  }

  /** Opens the logs in a folder, or makes them. */
  static QueueLogs open(Path folder, boolean fsync, Limits limits) {
    QueueFolder.create(folder, fsync);
    QueueLock lock = QueueLock.open(folder);
    try {
      return locked(
          lock,
          () ->
              EventLog.list(folder).isEmpty()
                  ? create(folder, fsync, limits, lock)
                  : openExisting(folder, fsync, limits, lock));
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static <T> T locked(QueueLock lock, Supplier<T> action) {
    lock.enter();
    try {
      lock.lockFile();
      try {
        return action.get();
      } finally {
        lock.unlockFile();
      }
    } finally {
      lock.leave();
    }
  }

  /** Deletes the logs in a folder; the empty lock file stays, since others may wait for it. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (QueueLock lock = QueueLock.open(folder)) {
      boolean ignored = locked(lock, () -> deleteLocked(folder));
    }
    delete(folder.resolve("dead"));
  }

  private static boolean deleteLocked(Path folder) {
    try (EventLog events = EventLog.open(folder, false, Integer.MAX_VALUE, new QueueState())) {
      events.begin().addDeleted();
      events.commit();
    } catch (BackendException e) {
      logger.debug("Deleting a queue that cannot be read: {}", folder, e);
    }
    QueueFolder.deleteAll(folder);
    return true;
  }

  private static QueueLogs create(Path folder, boolean fsync, Limits limits, QueueLock lock) {
    NavigableSet<Integer> segments = MessageLog.list(folder);
    if (!segments.isEmpty() && !MessageLog.isNew(folder)) {
      throw LogFile.missing(folder.resolve("events-<n>.log"));
    }
    MessageLog messages = MessageLog.create(folder, fsync, limits.segmentBytes());
    QueueState state = new QueueState();
    state.start(ThreadLocalRandom.current().nextLong() >>> 32, messages.end());
    EventLog events = EventLog.create(folder, fsync, limits.eventBytes(), state);
    return new QueueLogs(lock, state, events, messages);
  }

  private static QueueLogs openExisting(Path folder, boolean fsync, Limits limits, QueueLock lock) {
    QueueState state = new QueueState();
    EventLog events = EventLog.open(folder, fsync, limits.eventBytes(), state);
    if (events.isDeleted()) { // by somebody who was killed before the files were gone
      events.close();
      QueueFolder.deleteAll(folder);
      return create(folder, fsync, limits, lock);
    }
    try {
      MessageLog messages =
          MessageLog.open(folder, fsync, limits.segmentBytes(), state.messagesSynced());
      QueueLogs logs = new QueueLogs(lock, state, events, messages);
      messages.checkComplete(state);
      logs.dropLost(folder);
      return logs;
    } catch (RuntimeException e) {
      events.close();
      throw e;
    }
  }

  /**
   * A power cut may take messages that were not on the disk, and leave what happened to them.
   * Nobody was promised such messages: their sender had not heard back.
   */
  private void dropLost(Path folder) {
    long end = messages.end();
    boolean lost = state.entries().stream().anyMatch(entry -> entry.position >= end);
    if (lost || state.cursor() > end) {
      logger.warn("Forgot messages that were not stored when the power went: queue={}", folder);
      boolean passed = state.cursor() > end;
      state.dropFrom(
          end, passed ? end : state.cursor(), passed ? messages.ordinal() : state.ordinal());
      events.rotate();
    }
  }

  QueueLock lock() {
    return lock;
  }

  QueueState state() {
    return state;
  }

  EventLog events() {
    return events;
  }

  MessageLog messages() {
    return messages;
  }

  /** Returns whether others have changed the queue; needs the mutex only. */
  boolean changed() {
    return messages.changed() || events.changed();
  }

  /** Locks out all others and takes in what they have done; within the mutex. */
  void lockAndRefresh() {
    lock.lockFile();
    try {
      messages.refresh();
      events.refresh();
      events.begin();
    } catch (RuntimeException e) {
      lock.unlockFile();
      throw e;
    }
  }

  void unlock() {
    lock.unlockFile();
  }

  /** Returns how many messages wait for their first delivery. */
  long waiting() {
    return messages.ordinal() - state.ordinal();
  }

  @Override
  public void close() {
    try (lock;
        events) {
      messages.close();
    }
  }
}
