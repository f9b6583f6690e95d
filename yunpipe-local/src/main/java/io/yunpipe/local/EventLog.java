package io.yunpipe.local;

import io.yunpipe.BackendException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NavigableSet;
import java.util.Set;

/**
 * What happens to a queue's messages, in files {@code events-<n>.log}, and the {@link QueueState}
 * that it adds up to. A file begins with a snapshot of the state. One that has grown ends with a
 * mark and is followed by a new one; whoever finds the mark without the new file makes it, from the
 * same state.
 */
final class EventLog implements AutoCloseable {
  private static final int IDS_PER_RECORD = 10_000;

  private final Path folder;
  private final boolean fsync;
  private final int rotateBytes;
  private final QueueState state;
  private final RecordBuffer out = new RecordBuffer();
  private volatile LogFile file;
  private long snapshotEnd;
  private boolean rotated;
  private boolean deleted;

  private EventLog(Path folder, boolean fsync, int rotateBytes, QueueState state, LogFile file) {
    this.folder = folder;
    this.fsync = fsync;
    this.rotateBytes = rotateBytes;
    this.state = state;
    this.file = file;
  }

  static NavigableSet<Integer> list(Path folder) {
    return QueueFolder.numbers(folder, "events");
  }

  /** Makes the first file from the given state. */
  static EventLog create(Path folder, boolean fsync, int rotateBytes, QueueState state) {
    LogFile first = write(folder, 1, fsync, state);
    EventLog log = new EventLog(folder, fsync, rotateBytes, state, first);
    log.load();
    return log;
  }

  /** Opens the newest file and brings the state up to it. */
  static EventLog open(Path folder, boolean fsync, int rotateBytes, QueueState state) {
    EventLog log = new EventLog(folder, fsync, rotateBytes, state, newest(folder, fsync));
    log.load();
    return log;
  }

  private static LogFile newest(Path folder, boolean fsync) {
    NavigableSet<Integer> numbers = list(folder);
    if (numbers.isEmpty()) {
      throw LogFile.missing(path(folder, 1));
    }
    for (Integer old : numbers.headSet(numbers.last())) {
      QueueFolder.deleteSpare(path(folder, old));
    }
    return LogFile.open(path(folder, numbers.last()), numbers.last(), fsync);
  }

  private static Path path(Path folder, int number) {
    return folder.resolve("events-" + number + ".log");
  }

  private void load() {
    state.clear();
    snapshotEnd = 0;
    rotated = false;
    file.scan(0, () -> snapshotEnd > 0, this::apply);
    if (snapshotEnd == 0) {
      throw file.damaged(0, "it does not begin with a whole snapshot");
    }
    if (rotated) {
      follow();
    }
  }

  private void apply(int kind, long offset, ByteBuffer payload) {
    switch (kind) {
      case QueueState.HEADER -> {
        int version = payload.getInt(payload.position());
        if (version != QueueState.VERSION) {
          throw new BackendException(
              file.path()
                  + " has format "
                  + version
                  + "; this version of yunpipe knows "
                  + QueueState.VERSION
                  + ". Use the version that wrote it, or finish its runs there first.",
              null);
        }
      }
      case QueueState.SNAPSHOT_END -> snapshotEnd = offset + RecordBuffer.HEAD;
      case QueueState.ROTATED -> rotated = true;
      case QueueState.DELETED -> deleted = true;
      default -> {
        // The state's own.
      }
    }
    state.apply(kind, payload);
  }

  boolean isDeleted() {
    return deleted;
  }

  boolean changed() {
    return rotated || deleted || file.changed();
  }

  /** Takes in what others have done. */
  void refresh() {
    if (file.changed()) {
      file.scan(snapshotEnd, this::apply);
    }
    if (rotated) {
      follow();
    }
    if (deleted) {
      throw new BackendException(
          "The queue in " + folder + " was deleted by another program. Open the pipeline again.",
          null);
    }
  }

  /** Goes on to the file after this one, which may be several on, or may still have to be made. */
  private void follow() {
    int next = file.number() + 1;
    NavigableSet<Integer> newer = list(folder).tailSet(next, true);
    LogFile old = file;
    if (newer.isEmpty()) {
      file = write(folder, next, fsync, state);
    } else {
      file = LogFile.open(path(folder, newer.last()), newer.last(), fsync);
    }
    old.close();
    QueueFolder.deleteSpare(old.path());
    load();
  }

  private static LogFile write(Path folder, int number, boolean fsync, QueueState state) {
    return LogFile.create(
        path(folder, number),
        number,
        fsync,
        file -> {
          RecordBuffer snapshot = new RecordBuffer();
          state.writeHeader(snapshot.reset(file));
          writeOwners(snapshot, state);
          Iterator<QueueState.Entry> entries = state.entries().iterator();
          while (entries.hasNext()) {
            writeEntries(snapshot, entries);
            if (snapshot.isFull()) {
              file.append(snapshot);
              snapshot.reset(file);
            }
          }
          snapshot.begin(QueueState.SNAPSHOT_END, 0).end();
          file.append(snapshot);
        });
  }

  private static void writeOwners(RecordBuffer snapshot, QueueState state) {
    Set<Integer> used = new LinkedHashSet<>();
    state.entries().forEach(entry -> used.add(entry.owner));
    state
        .owners()
        .forEach(
            (number, lessee) -> {
              if (used.contains(number)) {
                snapshot.begin(QueueState.OWNER, 0);
                QueueState.writeOwner(snapshot, number, lessee);
                snapshot.end();
              }
            });
  }

  private static void writeEntries(RecordBuffer snapshot, Iterator<QueueState.Entry> entries) {
    RecordBuffer body = snapshot.begin(QueueState.ENTRIES, 0);
    for (int i = 0; i < IDS_PER_RECORD && entries.hasNext(); i++) {
      QueueState.writeEntry(body, entries.next());
    }
    body.end();
  }

  // ---- what happens; each adds a record, and commit() writes them at once

  EventLog begin() {
    out.reset(file);
    return this;
  }

  void addOwner(int number, Lessee lessee) {
    QueueState.writeOwner(start(QueueState.OWNER), number, lessee);
    out.end();
  }

  /** Leases messages and moves the cursor. */
  void addLease(
      int owner, long until, long cursor, long ordinal, long messagesSynced, long[] positions) {
    forEachPart(
        positions,
        () -> {
          start(QueueState.LEASE).putInt(owner).putLong(until);
          out.putLong(cursor).putLong(ordinal).putLong(messagesSynced);
        });
  }

  void addRemove(long[] positions) {
    forEachPart(positions, () -> start(QueueState.REMOVE));
  }

  void addExtend(long until, long[] positions) {
    forEachPart(positions, () -> start(QueueState.EXTEND).putLong(until));
  }

  /** Holds messages back, leased by nobody. */
  void addHold(long until, long[] positions) {
    forEachPart(positions, () -> start(QueueState.HOLD).putLong(until));
  }

  void addOwnerDied(int owner, long now) {
    start(QueueState.OWNER_DIED).putInt(owner).putLong(now).end();
  }

  void addDeleted() {
    start(QueueState.DELETED).end();
  }

  private RecordBuffer start(int kind) {
    return out.begin(kind, file.synced());
  }

  private void forEachPart(long[] positions, Runnable head) {
    for (int from = 0; from < positions.length; from += IDS_PER_RECORD) {
      head.run();
      int to = Math.min(positions.length, from + IDS_PER_RECORD);
      for (int i = from; i < to; i++) {
        out.putLong(positions[i]);
      }
      out.end();
    }
  }

  /** Writes what was added and applies it to the state. */
  void commit() {
    if (out.size() > 0) {
      file.append(out);
      out.forEach(this::apply);
    }
    if (file.end() > snapshotEnd + Math.max(rotateBytes, snapshotEnd)) {
      rotate();
    }
  }

  /** Writes the state as it is to a new file and goes on there. */
  void rotate() {
    begin();
    start(QueueState.ROTATED).end();
    file.append(out);
    rotated =
        true; // from here on nothing may be added to this file, even if the next cannot be made
    follow();
  }

  /** Returns what {@link #sync} needs to make all that has happened so far durable. */
  Mark mark() {
    return new Mark(file, file.end());
  }

  /** A point in the log. */
  record Mark(LogFile file, long end) {}

  /** Returns once everything before a mark is on the disk. */
  void sync(Mark mark) {
    // A new file is on the disk, with the state in it, before the old one is closed.
    if (!mark.file().sync(mark.end()) && mark.file() == file) {
      throw new BackendException(
          "Could not finish the changes to " + folder + ": the queue was closed meanwhile", null);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
