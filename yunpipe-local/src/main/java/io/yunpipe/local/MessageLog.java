package io.yunpipe.local;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of a queue's messages in files {@code messages-<n>.log}. A message's position is its
 * segment's number and its offset there; it never changes and is never used again.
 *
 * <p>Each record says how many messages that were sent without delay precede it, so that the
 * waiting ones need not be counted. A segment that is followed by another ends with a mark.
 */
final class MessageLog implements AutoCloseable {
  private static final int HEADER = 1;
  private static final int MESSAGE = 2;
  private static final int DELAYED = 3;
  static final int ROLLED = 4;
  private static final int VERSION = 1;

  /** Length of a segment's header record. */
  private static final int FIRST = RecordBuffer.HEAD + Integer.BYTES + Long.BYTES;

  private static final int OPEN_FILES = 64;
  private static final int READ_AHEAD = 1 << 18;
  private static final int READ_ONE = 1 << 12;

  /** A message and its place. */
  static final class Stored {
    final long position;
    final long after;
    final byte[] body;

    private Stored(long position, RecordReader.View record) {
      this.position = position;
      this.after = position(segment(position), record.after());
      record.buffer().getLong(); // the ordinal
      body = new byte[record.buffer().remaining()];
      record.buffer().get(body);
    }
  }

  private final Path folder;
  private final boolean fsync;
  private final int segmentBytes;
  private final RecordBuffer out = new RecordBuffer();
  private final NavigableSet<Integer> segments = new TreeSet<>();
  private final Map<Integer, LogFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final RecordReader sequential = new RecordReader(READ_AHEAD);
  private final RecordReader single = new RecordReader(READ_ONE);
  private volatile LogFile last;
  private long ordinal;
  private boolean rolled;
  private long mark;

  private MessageLog(Path folder, boolean fsync, int segmentBytes, LogFile last) {
    this.folder = folder;
    this.fsync = fsync;
    this.segmentBytes = segmentBytes;
    this.last = last;
  }

  static int segment(long position) {
    return (int) (position >>> 32);
  }

  static long offset(long position) {
    return position & 0xFFFF_FFFFL;
  }

  static long position(int segment, long offset) {
    return ((long) segment << 32) | offset;
  }

  /** Returns the numbers of the segments in a folder. */
  static NavigableSet<Integer> list(Path folder) {
    return QueueFolder.numbers(folder, "messages");
  }

  /** Returns whether a folder's segments are no more than what an unfinished creation leaves. */
  static boolean isNew(Path folder) {
    try {
      return list(folder).last() == 1 && Files.size(path(folder, 1)) <= FIRST;
    } catch (IOException e) {
      throw LogFile.failed("read", folder, e, "Check that you may read it.");
    }
  }

  static MessageLog create(Path folder, boolean fsync, int segmentBytes) {
    LogFile first = createSegment(folder, 1, 0, fsync);
    MessageLog log = new MessageLog(folder, fsync, segmentBytes, first);
    log.enter(first);
    return log;
  }

  /**
   * Opens the existing segments and reads the last one's records, but none of the others.
   *
   * @param synced up to where messages are known to have been on the disk
   */
  static MessageLog open(Path folder, boolean fsync, int segmentBytes, long synced) {
    NavigableSet<Integer> numbers = list(folder);
    if (numbers.isEmpty() || numbers.last() < segment(synced)) {
      throw LogFile.missing(path(folder, segment(synced)));
    }
    LogFile newest = openSegment(folder, numbers.last(), fsync);
    MessageLog log = new MessageLog(folder, fsync, segmentBytes, newest);
    log.enter(newest);
    log.segments.addAll(numbers);
    log.scanTail(segment(synced) == newest.number() ? offset(synced) : FIRST);
    return log;
  }

  private static Path path(Path folder, int number) {
    return folder.resolve("messages-" + number + ".log");
  }

  private static LogFile createSegment(Path folder, int number, long ordinal, boolean fsync) {
    return LogFile.create(
        path(folder, number),
        number,
        fsync,
        file -> {
          RecordBuffer header = new RecordBuffer().reset(file);
          header.begin(HEADER, 0).putInt(VERSION).putLong(ordinal).end();
          file.append(header);
        });
  }

  private static LogFile openSegment(Path folder, int number, boolean fsync) {
    Path path = path(folder, number);
    if (!Files.exists(path)) {
      throw LogFile.missing(path);
    }
    return LogFile.open(path, number, fsync);
  }

  /** Makes a segment the last one and takes the count from its header. */
  private void enter(LogFile file) {
    RecordReader.View header = single.at(file, 0, FIRST);
    if (header == null || header.kind() != HEADER) {
      throw file.damaged(0, "it does not begin with a header");
    }
    int version = header.buffer().getInt();
    if (version != VERSION) {
      throw new BackendException(
          file.path()
              + " has format "
              + version
              + "; this version of yunpipe knows "
              + VERSION
              + ". Use the version that wrote it, or finish its runs there first.",
          null);
    }
    ordinal = header.buffer().getLong();
    file.skipTo(FIRST);
    open.put(file.number(), file);
    segments.add(file.number());
    rolled = false;
    last = file;
  }

  /** Returns the end of the messages: where the next one goes, or would but for a mark. */
  long end() {
    return position(last.number(), rolled ? mark : last.end());
  }

  /** Returns up to where messages are known to be on the disk. */
  long synced() {
    return position(last.number(), Math.max(FIRST, last.synced()));
  }

  /** Returns how many undelayed messages were ever sent. */
  long ordinal() {
    return ordinal;
  }

  boolean changed() {
    return last.changed();
  }

  /** Takes in what others have sent. */
  void refresh() {
    while (last.changed() || rolled) {
      scanTail(FIRST);
      if (rolled) {
        // Not simply the next number: that segment may have come and gone.
        NavigableSet<Integer> newer = list(folder).tailSet(last.number(), false);
        if (newer.isEmpty()) {
          return; // whoever sends next makes the next segment
        }
        segments.addAll(newer);
        enter(openSegment(folder, newer.last(), fsync));
      }
    }
  }

  private void scanTail(long promised) {
    last.scan(
        promised,
        (kind, offset, payload) -> {
          if (kind == MESSAGE) {
            ordinal = payload.getLong() + 1;
          } else if (kind == ROLLED) {
            rolled = true;
            mark = offset;
          }
        });
  }

  /**
   * Appends messages, in several writes if they are many.
   *
   * @return their positions
   */
  long[] append(List<byte[]> bodies, boolean delayed) {
    long[] positions = new long[bodies.size()];
    int counted = 0;
    out.reset(last);
    for (int i = 0; i < positions.length; i++) {
      boolean full = rolled || last.end() + out.size() >= segmentBytes;
      if (full || out.isFull()) {
        flush(counted);
        counted = 0;
        if (full) {
          roll();
          out.reset(last);
        }
      }
      out.begin(delayed ? DELAYED : MESSAGE, last.synced()).putLong(ordinal + counted);
      positions[i] = position(last.number(), out.put(bodies.get(i)).end());
      counted += delayed ? 0 : 1;
    }
    flush(counted);
    return positions;
  }

  private void flush(int counted) {
    if (out.size() > 0) {
      last.append(out);
      ordinal += counted;
      out.reset(last);
    }
  }

  /** Ends the last segment and starts a new one. */
  void roll() {
    if (!rolled) {
      mark = out.reset(last).begin(ROLLED, last.synced()).end();
      last.append(out);
      rolled = true;
    }
    last.sync(last.end());
    enter(createSegment(folder, last.number() + 1, ordinal, fsync));
  }

  /** Returns once everything before a position is on the disk. */
  void sync(long position) {
    LogFile file = last;
    // A segment is synced before the next one is made.
    while (segment(position) == file.number() && !file.sync(offset(position))) {
      if (file == last) {
        throw new BackendException("Sent to " + folder + " while the queue was being closed", null);
      }
      file = last;
    }
  }

  /** Returns the first undelayed message at or after a position; null if there is none. */
  @Nullable Stored next(long position) {
    long at = position;
    while (at < end()) {
      LogFile file = file(segment(at));
      boolean isLast = file == last;
      RecordReader.View record =
          sequential.at(file, offset(at), isLast ? last.end() : Long.MAX_VALUE);
      if (record == null) {
        throw file.damaged(offset(at), "a record that was stored is unreadable or missing");
      }
      if (record.kind() == MESSAGE) {
        return new Stored(at, record);
      }
      at =
          record.kind() == ROLLED
              ? position(segment(at) + 1, FIRST)
              : position(segment(at), record.after());
    }
    return null;
  }

  /** Reads one message. */
  byte[] read(long position) {
    LogFile file = file(segment(position));
    RecordReader.View record =
        single.at(file, offset(position), file == last ? last.end() : Long.MAX_VALUE);
    if (record == null || (record.kind() != MESSAGE && record.kind() != DELAYED)) {
      throw file.damaged(offset(position), "a message that was stored is unreadable or missing");
    }
    return new Stored(position, record).body;
  }

  private LogFile file(int number) {
    LogFile file = open.get(number);
    if (file == null) {
      file = openSegment(folder, number, fsync);
      open.put(number, file);
      closeSpare();
    }
    return file;
  }

  private void closeSpare() {
    for (LogFile spare : new ArrayList<>(open.values())) {
      if (open.size() <= OPEN_FILES) {
        return;
      }
      if (spare != last) {
        forget(spare);
      }
    }
  }

  private void forget(LogFile file) {
    open.remove(file.number());
    sequential.forget(file);
    single.forget(file);
    file.close();
  }

  /** Returns the segments that end before a position and that nothing in the state refers to. */
  List<Path> takeObsolete(QueueState state) {
    if (!state.takeSegmentsFreed() || segments.first() >= segment(state.cursor())) {
      return List.of();
    }
    List<Path> obsolete = new ArrayList<>();
    for (Integer number : List.copyOf(segments.headSet(segment(state.cursor())))) {
      if (!state.uses(number)) {
        segments.remove(number);
        LogFile file = open.get(number);
        if (file != null) {
          forget(file);
        }
        obsolete.add(path(folder, number));
      }
    }
    return obsolete;
  }

  /** Checks that every segment that the state needs is there. */
  void checkComplete(QueueState state) {
    for (int number = segment(state.cursor()); number <= last.number(); number++) {
      requireSegment(number);
    }
    for (QueueState.Entry entry : state.entries()) {
      requireSegment(segment(entry.position));
    }
  }

  private void requireSegment(int number) {
    if (!segments.contains(number)) {
      throw LogFile.missing(path(folder, number));
    }
  }

  @Override
  public void close() {
    for (LogFile file : new ArrayList<>(open.values())) {
      forget(Objects.requireNonNull(file));
    }
  }
}
