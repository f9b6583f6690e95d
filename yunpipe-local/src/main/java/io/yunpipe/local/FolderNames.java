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
import org.jspecify.annotations.Nullable;

/**
 * The names in a folder, in order, a bounded number at a time. Thread-safe.
 *
 * <p>Those of a big folder are kept for the next page and used as long as the folder's time says
 * that nothing was added or removed. A time proves that only if the file system's clock had moved
 * on before the names were read; so the clock is looked at first, in folders known to be big.
 */
final class FolderNames {
  /** At most so many names are held of one folder. */
  static final int MAX_NAMES = 50_000;

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
  private final Map<Path, Kept> big = new LinkedHashMap<>(8, 0.75f, true);

  /**
   * Creates the reader.
   *
   * @param clock a file that is written to learn the file system's time
   */
  FolderNames(Path clock) {
    this.clock = clock;
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
    if (chunk.names.size() >= BIG && before != null) {
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

  private static Chunk scan(Path folder, String from, boolean stage) throws IOException {
    List<String> names = new ArrayList<>();
    String end = null;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (stage && name.endsWith(MarkerKey.SUFFIX)) {
          name = name.substring(0, name.length() - MarkerKey.SUFFIX.length());
        }
        boolean before = ObjectKeys.ORDER.compare(name, from) <= 0 && !from.startsWith(name);
        if (before || (end != null && ObjectKeys.ORDER.compare(name, end) > 0)) {
          continue;
        }
        names.add(name);
        if (names.size() >= 2 * MAX_NAMES) {
          names = smallest(names);
          end = names.get(names.size() - 1);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new Chunk("", List.of(), true);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    List<String> sorted = distinct(names);
    boolean last = end == null && sorted.size() <= MAX_NAMES;
    return new Chunk(from, last ? sorted : smallest(sorted), last);
  }

  private static List<String> smallest(List<String> names) {
    List<String> sorted = distinct(names);
    return sorted.size() <= MAX_NAMES ? sorted : new ArrayList<>(sorted.subList(0, MAX_NAMES));
  }

  private static List<String> distinct(List<String> names) {
    names.sort(ObjectKeys.ORDER);
    List<String> distinct = new ArrayList<>(names.size());
    for (String name : names) {
      if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).equals(name)) {
        distinct.add(name);
      }
    }
    return distinct;
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
