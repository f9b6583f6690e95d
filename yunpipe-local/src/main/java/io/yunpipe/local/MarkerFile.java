package io.yunpipe.local;

import io.yunpipe.spi.ObjectKeys;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The markers of one shard: a file of {@link MarkerRecord} lines and where each key's last one is.
 *
 * <p>Lines that are not whole count for nothing: at the end of the file they are what a program
 * left that was killed while it wrote, and the next writer cuts them off. Not thread-safe, but for
 * {@link #count} and {@link Progress}; the caller holds the path's lock: in this program to read,
 * everywhere to write.
 */
final class MarkerFile {
  /** How much of a file is durable. */
  static final class Progress {
    private volatile long written;
    private long durable;

    /** Makes the file durable up to an offset; one sync serves all that wait for it. */
    synchronized void sync(Disk disk, Path path, long upTo) throws IOException {
      if (durable >= upTo) {
        return;
      }
      long covered = written;
      Disk.uninterrupted(
          () -> {
            try {
              disk.sync(path);
            } catch (NoSuchFileException e) {
              // Deleted meanwhile, so there is nothing left to keep.
            }
            return true;
          });
      if (durable == 0) {
        disk.syncFolder(Disk.folder(path)); // whoever made the file
      }
      durable = covered;
    }
  }

  private static final Logger logger = LoggerFactory.getLogger(MarkerFile.class);
  private static final int BUFFER_BYTES = 1 << 18;

  private final Path path;
  private final NavigableMap<String, MarkerRecord> index = new TreeMap<>(ObjectKeys.ORDER);
  private @Nullable Object identity;
  private long end;
  private long size;
  private long damaged;
  private volatile int count;
  private Progress progress = new Progress();

  MarkerFile(Path path) {
    this.path = path;
  }

  /** Returns the markers by name, as of the last {@link #refresh}. */
  NavigableMap<String, MarkerRecord> index() {
    return index;
  }

  /** Returns how many markers were known last. */
  int count() {
    return count;
  }

  /** Returns the offset after the last whole line. */
  long end() {
    return end;
  }

  Progress progress() {
    return progress;
  }

  /** Returns what is known, so that it need not be read again only to be counted. */
  Summary summary() {
    return new Summary(identity, end, index.size());
  }

  /** Reads what others have written since the last time. */
  void refresh() throws IOException {
    BasicFileAttributes now = Stat.ofFile(path);
    if (now == null) {
      forget();
      return;
    }
    Object found = identity(now);
    if (!found.equals(identity) || now.size() < end) {
      forget();
      identity = found;
    }
    size = now.size();
    if (size > end) {
      scan();
    }
  }

  /** Forgets all, as if the file had never been seen. */
  void forget() {
    index.clear();
    count = 0;
    identity = null;
    end = 0;
    size = 0;
    progress = new Progress();
  }

  /** Reads a marker's value, or returns null if the file is not the one that was indexed. */
  byte @Nullable [] read(MarkerRecord known) throws IOException {
    byte[] line = new byte[known.length()];
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(known.offset());
      int read = 0;
      while (read < line.length) {
        int n = file.read(line, read, line.length - read);
        if (n < 0) {
          return null;
        }
        read += n;
      }
    }
    MarkerRecord found = MarkerRecord.parse(line, 0, line.length, known.offset());
    return known.equals(found) ? known.value(line) : null;
  }

  /** Reads all values, or returns null if the file is not the one that was indexed. */
  @Nullable Map<String, byte[]> readAll() throws IOException {
    Map<String, byte[]> values = new LinkedHashMap<>();
    byte[] whole = index.isEmpty() ? new byte[0] : Files.readAllBytes(path);
    for (MarkerRecord known : index.values()) {
      int from = Math.toIntExact(known.offset());
      int to = from + known.length();
      if (to > whole.length) {
        return null;
      }
      byte[] line = Arrays.copyOfRange(whole, from, to);
      if (!known.equals(MarkerRecord.parse(line, 0, line.length, known.offset()))) {
        return null;
      }
      values.put(known.name(), known.value(line));
    }
    return values;
  }

  /** Appends lines after the last whole one. The folder must exist. */
  void append(byte[] lines) throws IOException {
    long start = end;
    Disk.uninterrupted(
        () -> {
          try (FileChannel file =
              FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (size > start) {
              logger.warn("Cut off a line that was not whole: file={} from={}", path, start);
              file.truncate(start);
            }
            write(file, lines, start);
          }
          return true;
        });
    for (int from = 0, i = 0; i < lines.length; i++) {
      if (lines[i] == '\n') {
        apply(lines, from, i, start + from);
        from = i + 1;
      }
    }
    size = end;
    progress.written = end;
    if (identity == null) {
      BasicFileAttributes now = Stat.ofFile(path);
      identity = now == null ? null : identity(now);
    }
  }

  private Object identity(BasicFileAttributes file) {
    return file.fileKey() == null ? path : file.fileKey();
  }

  private static void write(FileChannel file, byte[] lines, long start) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(lines);
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer, start + buffer.position());
      }
    } catch (IOException e) {
      if (file.isOpen()) {
        file.truncate(start); // the disk is full, say
      }
      throw e;
    }
  }

  private void scan() throws IOException {
    try (FileInputStream in = new FileInputStream(path.toFile())) {
      in.skipNBytes(end);
      long base = end;
      byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, size - end)];
      int filled = 0;
      for (int n = in.read(buffer); n > 0; n = in.read(buffer, filled, buffer.length - filled)) {
        int searched = filled;
        filled += n;
        int start = 0;
        for (int i = searched; i < filled; i++) {
          if (buffer[i] == '\n') {
            apply(buffer, start, i, base + start);
            start = i + 1;
          }
        }
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        base += start;
        filled -= start;
        if (filled == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
      }
      size = Math.max(size, base + filled);
    }
    progress.written = end;
  }

  private void apply(byte[] bytes, int from, int to, long offset) {
    MarkerRecord line = MarkerRecord.parse(bytes, from, to, offset);
    if (line == null) {
      return;
    }
    if (offset > end && offset != damaged) {
      damaged = offset;
      logger.warn("Skipped damaged lines: file={} from={} to={}", path, end, offset);
    }
    if (line.deleted()) {
      index.remove(line.name());
    } else {
      index.put(line.name(), line);
    }
    count = index.size();
    end = offset + line.length() + 1;
  }

  /**
   * How many markers a file has.
   *
   * @param identity which file it was, or null if there was none
   * @param end its whole lines' bytes
   * @param count its markers
   */
  record Summary(@Nullable Object identity, long end, int count) {
    /** Returns whether this is still so. */
    boolean describes(BasicFileAttributes file) {
      return identity != null && identity.equals(file.fileKey()) && file.size() == end;
    }
  }
}
