package io.yunpipe.local;

import io.yunpipe.spi.ObjectKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names in a folder, in order, a bounded number at a time. Thread-safe.
 *
 * <p>Those of a big folder are kept for the next page and used as long as the folder's time says
 * that nothing was added or removed. A time proves that only if the file system's clock had moved
 * on before the names were read; so the clock is looked at first, in folders known to be big.
 */
final class FolderNames {
  private static final int MAX_NAMES = 50_000;
  private static final int BIG = 2_000;
  private static final int MAX_KEPT = 4;

  /**
   * Names in order.
   *
   * @param from all after this one are here, and those that it starts with
   * @param names the names
   * @param last whether none follow
   */
  record Chunk(String from, List<String> names, boolean last) {
    String end() {
      return names.get(names.size() - 1);
    }

    private boolean covers(String name) {
      return ObjectKeys.ORDER.compare(from, name) <= 0
          && (last || ObjectKeys.ORDER.compare(name, end()) < 0);
    }
  }

  private record Kept(@Nullable Chunk chunk, FileTime modified) {}

  private final Path clock;
  private final int maxNames;
  private final int bigFrom;
  private final Map<Path, Kept> big = new LinkedHashMap<>(8, 0.75f, true);

  /**
   * Creates the reader.
   *
   * @param clock a file that is written to learn the file system's time
   */
  FolderNames(Path clock) {
    this(clock, MAX_NAMES, BIG);
  }

  /**
   * Creates the reader with limits of its own.
   *
   * @param maxNames at most so many following names are held of one folder
   * @param bigFrom those of a folder with at least so many are kept
   */
  FolderNames(Path clock, int maxNames, int bigFrom) {
    this.clock = clock;
    this.maxNames = maxNames;
    this.bigFrom = bigFrom;
  }

  /**
   * Returns names after one, and those that it starts with.
   *
   * @param stage whether the files are those of shards, which are named here like the shards
   */
  Chunk read(Path folder, String from, boolean stage) throws IOException {
    BasicFileAttributes now = Stat.of(folder);
    if (now == null || !now.isDirectory()) {
      return new Chunk("", List.of(), true);
    }
    Kept kept = kept(folder);
    if (kept != null
        && kept.chunk != null
        && kept.modified.equals(now.lastModifiedTime())
        && kept.chunk.covers(from)) {
      return kept.chunk;
    }
    FileTime time = kept == null ? null : time();
    BasicFileAttributes before = time == null ? now : Stat.of(folder);
    Chunk chunk = scan(folder, from, stage);
    if (chunk.names.size() >= bigFrom && before != null) {
      boolean proven = time != null && time.compareTo(before.lastModifiedTime()) > 0;
      keep(folder, new Kept(proven ? chunk : null, before.lastModifiedTime()));
    }
    return chunk;
  }

  private synchronized @Nullable Kept kept(Path folder) {
    return big.get(folder);
  }

  private synchronized void keep(Path folder, Kept kept) {
    big.put(folder, kept);
    if (big.size() > MAX_KEPT) {
      big.remove(big.keySet().iterator().next());
    }
  }

  private Chunk scan(Path folder, String from, boolean stage) throws IOException {
    TreeSet<String> open = new TreeSet<>(ObjectKeys.ORDER);
    TreeSet<String> following = new TreeSet<>(ObjectKeys.ORDER);
    boolean last = true;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (stage && name.endsWith(MarkerKey.SUFFIX)) {
          name = name.substring(0, name.length() - MarkerKey.SUFFIX.length());
        }
        if (ObjectKeys.ORDER.compare(name, from) > 0) {
          following.add(name);
          if (following.size() > maxNames) {
            following.pollLast();
            last = false;
          }
        } else if (from.startsWith(name)) {
          open.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new Chunk("", List.of(), true);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    List<String> names = new ArrayList<>(open.size() + following.size());
    names.addAll(open);
    names.addAll(following);
    return new Chunk(from, names, last);
  }

  /** Returns the file system's time, or null if it cannot be told. */
  private @Nullable FileTime time() {
    try {
      return Disk.uninterrupted(
          () -> {
            try (FileChannel file =
                FileChannel.open(clock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
              file.write(ByteBuffer.wrap(new byte[] {'\n'}), 0);
            }
            return Files.getLastModifiedTime(clock);
          });
    } catch (IOException e) {
      return null; // a disk that is full or read-only; then pages are read anew
    }
  }
}
