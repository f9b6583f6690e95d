package io.yunpipe.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a queue add up to: how far messages were delivered for the first time, and the
 * messages before that point that are neither waiting nor done. Its size depends on what is in
 * work, not on what waits. Changed by {@link #apply} alone, so that all processes come to the same
 * state.
 */
final class QueueState {
  // Kinds of event records. The numbers are the file format.
  static final int HEADER = 1;
  static final int ENTRIES = 2;
  static final int SNAPSHOT_END = 3;
  static final int OWNER = 4;
  static final int LEASE = 5;
  static final int REMOVE = 6;
  static final int EXTEND = 7;
  static final int HOLD = 8;
  static final int OWNER_DIED = 9;
  static final int ROTATED = 10;
  static final int DELETED = 11;

  static final int VERSION = 1;
  private static final int NOBODY = 0;

  /** A message that was delivered or is held back. */
  static final class Entry {
    final long position;
    long until;
    int receives;
    int owner;

    Entry(long position) {
      this.position = position;
    }

    boolean isLeased(long now) {
      return owner != NOBODY && until > now;
    }
  }

  private final Map<Long, Entry> byPosition = new HashMap<>();
  private final TreeSet<Entry> byTime =
      new TreeSet<>(
          Comparator.comparingLong((Entry entry) -> entry.until)
              .thenComparingLong(entry -> entry.position));
  private final Map<Integer, Lessee> owners = new LinkedHashMap<>();
  private final Map<Integer, Integer> perSegment = new HashMap<>();
  private long tag;
  private long cursor;
  private long ordinal;
  private long messagesSynced;
  private int lastOwner;
  private boolean segmentsFreed = true;

  void clear() {
    byPosition.clear();
    byTime.clear();
    owners.clear();
    perSegment.clear();
    segmentsFreed = true;
  }

  /** Makes the state of a queue that has never delivered anything. */
  void start(long newTag, long firstPosition) {
    clear();
    tag = newTag;
    cursor = firstPosition;
    messagesSynced = firstPosition;
  }

  /** Returns a number that tells this queue from an earlier one in the same folder. */
  long tag() {
    return tag;
  }

  /** Returns the position up to which messages were delivered or skipped. */
  long cursor() {
    return cursor;
  }

  /** Returns how many messages that cursor has passed, delayed ones left out. */
  long ordinal() {
    return ordinal;
  }

  /** Returns up to where messages are known to be on the disk. */
  long messagesSynced() {
    return messagesSynced;
  }

  int lastOwner() {
    return lastOwner;
  }

  boolean knowsOwner(int owner) {
    return owners.containsKey(owner);
  }

  Map<Integer, Lessee> owners() {
    return owners;
  }

  Collection<Entry> entries() {
    return byPosition.values();
  }

  /** Returns the entries in the order in which they become ready. */
  Iterable<Entry> entriesByTime() {
    return byTime;
  }

  @Nullable Entry find(long position) {
    return byPosition.get(position);
  }

  boolean hasDue(long now) {
    return !byTime.isEmpty() && byTime.first().until <= now;
  }

  /** Returns whether, since the last call, a segment may have come to be of no use. */
  boolean takeSegmentsFreed() {
    boolean freed = segmentsFreed;
    segmentsFreed = false;
    return freed;
  }

  boolean uses(int segment) {
    return perSegment.containsKey(segment);
  }

  void apply(int kind, ByteBuffer in) {
    switch (kind) {
      case HEADER -> header(in);
      case ENTRIES -> entries(in);
      case OWNER -> owner(in);
      case LEASE -> lease(in);
      case REMOVE -> forEachId(in, this::remove);
      case EXTEND -> {
        long until = in.getLong();
        forEachId(in, position -> change(position, until, null));
      }
      case HOLD -> {
        long until = in.getLong();
        forEachId(in, position -> change(position, until, NOBODY));
      }
      case OWNER_DIED -> ownerDied(in.getInt(), in.getLong());
      default -> {
        // SNAPSHOT_END, ROTATED and DELETED change nothing here.
      }
    }
  }

  private void header(ByteBuffer in) {
    in.getInt(); // version, checked by the reader
    tag = in.getLong();
    cursor = in.getLong();
    ordinal = in.getLong();
    messagesSynced = in.getLong();
    lastOwner = in.getInt();
  }

  void writeHeader(RecordBuffer out) {
    out.begin(HEADER, 0).putInt(VERSION).putLong(tag).putLong(cursor).putLong(ordinal);
    out.putLong(messagesSynced).putInt(lastOwner).end();
  }

  private void entries(ByteBuffer in) {
    while (in.hasRemaining()) {
      Entry entry = new Entry(in.getLong());
      entry.until = in.getLong();
      entry.receives = in.getInt();
      entry.owner = in.getInt();
      add(entry);
    }
  }

  static void writeEntry(RecordBuffer out, Entry entry) {
    out.putLong(entry.position).putLong(entry.until).putInt(entry.receives).putInt(entry.owner);
  }

  private void owner(ByteBuffer in) {
    int number = in.getInt();
    long pid = in.getLong();
    long start = in.getLong();
    String[] names = StandardCharsets.UTF_8.decode(in).toString().split("\n", 2);
    owners.put(number, new Lessee(names[0], names[names.length - 1], pid, start));
    lastOwner = Math.max(lastOwner, number);
  }

  static void writeOwner(RecordBuffer out, int number, Lessee lessee) {
    byte[] names = (lessee.machine() + "\n" + lessee.boot()).getBytes(StandardCharsets.UTF_8);
    out.putInt(number).putLong(lessee.pid()).putLong(lessee.start()).put(names);
  }

  private void lease(ByteBuffer in) {
    int owner = in.getInt();
    long until = in.getLong();
    long passed = in.getLong();
    segmentsFreed |= MessageLog.segment(passed) != MessageLog.segment(cursor);
    cursor = passed;
    ordinal = in.getLong();
    messagesSynced = Math.max(messagesSynced, in.getLong());
    forEachId(in, position -> change(position, until, owner).receives++);
  }

  private static void forEachId(ByteBuffer in, Consumer<Long> action) {
    while (in.hasRemaining()) {
      action.accept(in.getLong());
    }
  }

  private Entry change(long position, long until, @Nullable Integer owner) {
    Entry entry = byPosition.get(position);
    if (entry == null) {
      entry = new Entry(position);
      entry.until = until;
      add(entry);
    } else if (entry.until != until) {
      byTime.remove(entry);
      entry.until = until;
      byTime.add(entry);
    }
    if (owner != null) {
      entry.owner = owner;
    }
    return entry;
  }

  private void add(Entry entry) {
    byPosition.put(entry.position, entry);
    byTime.add(entry);
    perSegment.merge(MessageLog.segment(entry.position), 1, Integer::sum);
  }

  private void remove(long position) {
    Entry entry = byPosition.remove(position);
    if (entry != null) {
      byTime.remove(entry);
      int segment = MessageLog.segment(position);
      segmentsFreed |=
          perSegment.computeIfPresent(segment, (key, count) -> count == 1 ? null : count - 1)
              == null;
    }
  }

  private void ownerDied(int owner, long now) {
    owners.remove(owner);
    for (Entry entry : byPosition.values()) {
      if (entry.owner == owner) {
        byTime.remove(entry);
        entry.until = Math.min(entry.until, now);
        entry.owner = NOBODY;
        byTime.add(entry);
      }
    }
  }

  /**
   * Forgets messages that a power cut took before they were on the disk: nobody was promised them.
   */
  void dropFrom(long position, long newCursor, long newOrdinal) {
    for (Long lost : byPosition.keySet().stream().filter(id -> id >= position).toList()) {
      remove(lost);
    }
    cursor = newCursor;
    ordinal = newOrdinal;
  }
}
