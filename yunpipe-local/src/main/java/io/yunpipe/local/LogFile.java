package io.yunpipe.local;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of records. Written and scanned under the queue's lock; {@link #sync} needs
 * none, and callers that come while another's fsync runs share the next one.
 *
 * <p>Uses no file channel, which an interrupt of any thread in it would close.
 */
final class LogFile implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LogFile.class);
  private static final int CHUNK = 1 << 18;

  /** Gets each record of a scan. */
  interface Visitor {
    /** The payload is valid during the call only. */
    void record(int kind, long offset, ByteBuffer payload);
  }

  private final Path path;
  private final int number;
  private final boolean fsync;
  private final RandomAccessFile file;
  private final Object syncing = new Object();
  private volatile long end;
  private volatile long synced;
  private volatile boolean broken;
  private boolean closed;

  private LogFile(Path path, int number, boolean fsync, RandomAccessFile file) {
    this.path = path;
    this.number = number;
    this.fsync = fsync;
    this.file = file;
  }

  /** Opens a file; nothing of it counts until {@link #scan} or {@link #skipTo}. */
  static LogFile open(Path path, int number, boolean fsync) {
    try {
      return new LogFile(path, number, fsync, new RandomAccessFile(path.toFile(), "rw"));
    } catch (IOException e) {
      throw failed("open", path, e, "Check that the folder is there and that you may write to it.");
    }
  }

  /** Creates a file whole or not at all: under a temporary name first. Durable when it returns. */
  static LogFile create(Path path, int number, boolean fsync, Filler filler) {
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      Files.deleteIfExists(temporary);
      try (LogFile fresh = open(temporary, number, fsync)) {
        filler.fill(fresh);
        fresh.sync(fresh.end());
      }
      try {
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, path);
      }
      if (fsync) {
        QueueFolder.sync(Objects.requireNonNull(path.toAbsolutePath().getParent()));
      }
    } catch (IOException e) {
      throw failed("create", path, e, "Free space on the disk if it is full, then try again.");
    }
    return open(path, number, fsync);
  }

  /** Writes a new file's first records. */
  interface Filler {
    void fill(LogFile file);
  }

  int number() {
    return number;
  }

  Path path() {
    return path;
  }

  /** Returns where the next record goes. */
  long end() {
    return end;
  }

  /** Returns how much is on the disk, or, without fsync, in the system's hands; a lower bound. */
  long synced() {
    return fsync ? synced : end;
  }

  /** Returns whether somebody else has appended since the last scan. */
  boolean changed() {
    return length() != end;
  }

  private long length() {
    try {
      return file.length();
    } catch (IOException e) {
      throw failed("read the length of", path, e, "Check the disk, then open the queue again.");
    }
  }

  /** Trusts everything before an offset, which must be a record's start. */
  void skipTo(long offset) {
    end = offset;
  }

  void append(RecordBuffer records) {
    if (broken) {
      throw new BackendException(
          "Could not append to "
              + path
              + ": an earlier fsync failed. Check the disk, then open it again.",
          null);
    }
    long from = end;
    try {
      file.seek(from);
      file.write(records.array(), 0, records.size());
    } catch (IOException e) {
      dropPart(from, e);
      throw new BackendException(
          "Could not append "
              + records.size()
              + " bytes to "
              + path
              + ": "
              + e.getMessage()
              + ". Free space on the disk if it is full, then try again.",
          true,
          e);
    }
    end = from + records.size();
  }

  private void dropPart(long from, IOException cause) {
    try {
      file.setLength(from);
    } catch (IOException e) {
      cause.addSuppressed(e); // the next one to lock the queue drops it
    }
  }

  /** Reads up to so many bytes; returns how many there were. */
  int read(long offset, byte[] into, int length) {
    try {
      file.seek(offset);
      int done = 0;
      while (done < length) {
        int count = file.read(into, done, length - done);
        if (count < 0) {
          break;
        }
        done += count;
      }
      return done;
    } catch (IOException e) {
      throw failed("read", path, e, "Check the disk, then open the queue again.");
    }
  }

  /**
   * Returns once everything before an offset is on the disk.
   *
   * @return false if the file was closed meanwhile
   */
  boolean sync(long upTo) {
    if (!fsync || synced >= upTo) {
      return true;
    }
    synchronized (syncing) {
      if (synced >= upTo) {
        return true;
      }
      if (closed) {
        return false;
      }
      long reached = end;
      try {
        file.getFD().sync();
      } catch (IOException e) {
        broken = true; // the system may report a lost page once only
        throw failed("fsync", path, e, "Check the disk, then open the queue again.");
      }
      synced = reached;
      return true;
    }
  }

  /**
   * Reads what was appended since the last scan and drops a torn tail: what a process that died
   * while it wrote has left, or a power cut. Anything else that is no record is damage.
   *
   * @param promised the length that is known to have been on the disk
   */
  void scan(long promised, Visitor visitor) {
    scan(promised, () -> true, visitor);
  }

  /**
   * As {@link #scan(long, Visitor)}.
   *
   * @param mayBeTorn asked at an unreadable record whether a torn tail can be there at all
   */
  void scan(long promised, BooleanSupplier mayBeTorn, Visitor visitor) {
    long length = length();
    if (length < Math.max(end, promised)) {
      throw damaged(length, "it has " + length + " bytes of at least " + Math.max(end, promised));
    }
    byte[] bytes = new byte[(int) Math.min(length - end, CHUNK)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).limit(0);
    long offset = end;
    long known = synced;
    while (offset < length) {
      int size = size(buffer, offset, length);
      if (size > buffer.remaining()) {
        if (size > bytes.length) {
          bytes = new byte[size];
        }
        buffer = ByteBuffer.wrap(bytes).limit(read(offset, bytes, bytes.length));
        continue;
      }
      if (size == 0 || !intact(bytes, buffer.position(), offset, size)) {
        if (!mayBeTorn.getAsBoolean() || offset < Math.max(promised, known)) {
          throw damaged(offset, "a record that was stored is unreadable");
        }
        dropTail(offset, length);
        break;
      }
      int from = buffer.position();
      known = Math.max(known, Integer.toUnsignedLong(buffer.getInt(from + RecordBuffer.FRAME + 1)));
      int payload = from + RecordBuffer.HEAD;
      visitor.record(
          buffer.get(from + RecordBuffer.FRAME),
          offset,
          ByteBuffer.wrap(bytes, payload, size - RecordBuffer.HEAD));
      offset += size;
      buffer.position(from + size);
      end = offset;
    }
    synced = Math.min(known, end);
  }

  /** Returns how many bytes the record needs, as far as the buffer tells; 0 if it is none. */
  private static int size(ByteBuffer buffer, long offset, long length) {
    if (buffer.remaining() < RecordBuffer.HEAD) {
      return length - offset < RecordBuffer.HEAD ? 0 : RecordBuffer.HEAD;
    }
    int size = buffer.getInt(buffer.position()) + RecordBuffer.FRAME;
    boolean possible = size >= RecordBuffer.HEAD && size <= RecordBuffer.MAX_RECORD;
    return possible && offset + size <= length ? size : 0;
  }

  private boolean intact(byte[] bytes, int from, long offset, int size) {
    int covered = from + RecordBuffer.FRAME;
    int crc = RecordBuffer.crc(number, offset, bytes, covered, size - RecordBuffer.FRAME);
    return ByteBuffer.wrap(bytes).getInt(from + 4) == crc;
  }

  private void dropTail(long offset, long length) {
    if (laterRecordKnowsOf(offset, length)) {
      throw damaged(offset, "a record that was stored is unreadable");
    }
    logger.warn(
        "Dropped an unfinished record: file={} offset={} bytes={}", path, offset, length - offset);
    try {
      file.setLength(offset);
    } catch (IOException e) {
      throw failed("drop an unfinished record of", path, e, "Check that you may write to it.");
    }
  }

  /** Returns whether a record after the unreadable one says that this one was on the disk. */
  private boolean laterRecordKnowsOf(long offset, long length) {
    byte[] bytes = new byte[(int) (length - offset)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).limit(read(offset, bytes, bytes.length));
    for (int i = 1; i + RecordBuffer.HEAD <= buffer.limit(); i++) {
      buffer.position(i);
      int size = size(buffer, offset + i, length);
      if (size != 0
          && size <= buffer.remaining()
          && Integer.toUnsignedLong(buffer.getInt(i + RecordBuffer.FRAME + 1)) > offset
          && intact(bytes, i, offset + i, size)) {
        return true;
      }
    }
    return false;
  }

  BackendException damaged(long offset, String why) {
    return new BackendException(
        "The queue's file "
            + path
            + " is damaged at byte "
            + offset
            + ": "
            + why
            + ". Nothing was changed. Restore the folder from a backup, or delete it: a run that is not"
            + " finished sends its missing jobs again.",
        null);
  }

  static BackendException missing(Path path) {
    return new BackendException(
        "The queue's file "
            + path
            + " is missing. Nothing was changed. Restore the folder from a backup,"
            + " or delete it: a run that is not finished sends its missing jobs again.",
        null);
  }

  static BackendException failed(String verb, Path path, IOException e, String advice) {
    // The message of these is the path alone.
    String reason = e instanceof FileSystemException ? e.toString() : e.getMessage();
    return new BackendException(
        "Could not " + verb + " " + path + ": " + reason + ". " + advice, e);
  }

  @Override
  public void close() {
    synchronized (syncing) {
      closed = true;
      try {
        file.close();
      } catch (IOException e) {
        throw failed("close", path, e, "Check the disk.");
      }
    }
  }
}
