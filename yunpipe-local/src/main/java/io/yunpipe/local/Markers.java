package io.yunpipe.local;

import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commit markers, one file per shard. Thread-safe. */
final class Markers {
  private final Path root;
  private final Disk disk;
  private final StoreLocks locks;
  private final MarkerCache cache;

  Markers(Path root, Disk disk, SharedPlace place) {
    this.root = root;
    this.disk = disk;
    this.locks = place.locks();
    this.cache = place.markers();
  }

  /** What has yet to become durable. */
  private record Written(Path path, MarkerFile.Progress progress, long upTo) {}

  /** Decides under the lock what to append, or null for nothing. */
  private interface Change {
    byte @Nullable [] lines(MarkerFile file) throws IOException;
  }

  /**
   * Creates markers, each unless it is there.
   *
   * @param contents by key
   * @return whether each was created, in the map's order
   */
  List<Boolean> putAllIfAbsent(Map<MarkerKey, byte[]> contents) throws IOException {
    Map<String, List<MarkerKey>> shards = new LinkedHashMap<>();
    for (MarkerKey key : contents.keySet()) {
      shards.computeIfAbsent(key.shard(), shard -> new ArrayList<>()).add(key);
    }
    Map<MarkerKey, Boolean> created = new LinkedHashMap<>();
    contents.keySet().forEach(key -> created.put(key, false)); // in their order
    List<Written> written = new ArrayList<>(shards.size());
    long now = System.currentTimeMillis();
    for (Map.Entry<String, List<MarkerKey>> shard : shards.entrySet()) {
      written.add(
          write(
              shard.getKey(),
              file -> {
                ByteArrayOutputStream lines = new ByteArrayOutputStream();
                for (MarkerKey key : shard.getValue()) {
                  boolean free = !file.index().containsKey(key.name());
                  created.put(key, free);
                  byte[] value = contents.get(key);
                  if (free && value != null) {
                    lines.writeBytes(MarkerRecord.line(key.name(), now, value));
                  }
                }
                return lines.toByteArray();
              }));
    }
    sync(written);
    return List.copyOf(created.values());
  }

  /** Creates or replaces a marker. */
  void put(MarkerKey key, byte[] value) throws IOException {
    byte[] line = MarkerRecord.line(key.name(), System.currentTimeMillis(), value);
    sync(List.of(write(key.shard(), file -> line)));
  }

  /** Replaces a marker if it still has the tag; returns whether it did. */
  boolean putIfMatch(MarkerKey key, byte[] value, String etag) throws IOException {
    boolean[] replaced = new boolean[1];
    Written written =
        write(
            key.shard(),
            file -> {
              MarkerRecord now = file.index().get(key.name());
              replaced[0] = now != null && now.etag().equals(etag);
              return replaced[0]
                  ? MarkerRecord.line(key.name(), System.currentTimeMillis(), value)
                  : null;
            });
    sync(List.of(written));
    return replaced[0];
  }

  /** Deletes a marker; returns whether it was the last of its shard, which takes the file along. */
  boolean delete(MarkerKey key) throws IOException {
    Path path = path(key.shard());
    if (Stat.ofFile(path) == null) {
      return true;
    }
    return locks.everywhere(
        path,
        () -> {
          MarkerFile file = refreshed(path);
          if (!file.index().containsKey(key.name())) {
            return false;
          }
          boolean last = file.index().size() == 1;
          if (last) {
            Files.deleteIfExists(path);
            file.forget();
          } else {
            file.append(MarkerRecord.line(key.name(), System.currentTimeMillis(), null));
          }
          return last;
        });
  }

  /** Deletes all markers of a shard; returns how many there were. */
  long deleteShard(String shard) throws IOException {
    Path path = path(shard);
    return locks.<Long>everywhere(
        path,
        () -> {
          long count = countLocked(path);
          Files.deleteIfExists(path);
          cache.remove(path);
          return count;
        });
  }

  /** Returns a marker's size and tag. */
  Optional<ObjectInfo> head(MarkerKey key) throws IOException {
    Path path = path(key.shard());
    return locks.inProgram(
        path,
        () -> {
          MarkerFile file = refreshed(path);
          return Optional.ofNullable(file.index().get(key.name())).map(m -> info(key.shard(), m));
        });
  }

  /** Returns a marker's value. */
  Optional<byte[]> read(MarkerKey key) throws IOException {
    Path path = path(key.shard());
    return locks.inProgram(
        path,
        () -> {
          while (true) {
            MarkerFile file = refreshed(path);
            MarkerRecord found = file.index().get(key.name());
            if (found == null) {
              return Optional.empty();
            }
            byte[] value = file.read(found);
            if (value != null) {
              return Optional.of(value);
            }
            file.forget(); // another program deleted the file and made a new one
          }
        });
  }

  /**
   * Returns a shard's markers in order.
   *
   * @param prefix what their names start with
   * @param after only names after this one
   * @param limit at most so many
   */
  List<ObjectInfo> list(String shard, String prefix, String after, int limit) throws IOException {
    Path path = path(shard);
    return locks.inProgram(
        path,
        () -> {
          boolean skip = ObjectKeys.ORDER.compare(after, prefix) >= 0;
          List<ObjectInfo> found = new ArrayList<>();
          for (MarkerRecord marker :
              refreshed(path).index().tailMap(skip ? after : prefix, !skip).values()) {
            if (found.size() == limit || !marker.name().startsWith(prefix)) {
              break;
            }
            found.add(info(shard, marker));
          }
          return found;
        });
  }

  /** Reads a shard's markers in one pass, in order of their names. */
  Map<String, byte[]> readAll(String shard) throws IOException {
    Path path = path(shard);
    return locks.inProgram(
        path,
        () -> {
          while (true) {
            MarkerFile file = refreshed(path);
            Map<String, byte[]> values = file.readAll();
            if (values != null) {
              return values;
            }
            file.forget(); // another program deleted the file and made a new one
          }
        });
  }

  /** Returns how many markers a shard has. */
  long count(String shard) throws IOException {
    Path path = path(shard);
    return locks.<Long>inProgram(path, () -> countLocked(path));
  }

  private long countLocked(Path path) throws IOException {
    MarkerFile.Summary summary = cache.summary(path);
    if (summary != null) {
      BasicFileAttributes now = Stat.ofFile(path);
      if (now != null && summary.describes(now)) {
        return summary.count();
      }
    }
    return refreshed(path).count();
  }

  private MarkerFile refreshed(Path path) throws IOException {
    MarkerFile file = cache.file(path);
    file.refresh();
    return file;
  }

  private Written write(String shard, Change change) throws IOException {
    Path path = path(shard);
    while (true) {
      try {
        return locks.everywhere(path, () -> writeLocked(path, change));
      } catch (NoSuchFileException e) {
        // The folder is not there yet, or not any more: who deletes takes empty folders along.
        disk.createFolders(Disk.folder(path));
      }
    }
  }

  private Written writeLocked(Path path, Change change) throws IOException {
    MarkerFile file = refreshed(path);
    byte[] lines = change.lines(file);
    if (lines != null && lines.length > 0) {
      file.append(lines);
    }
    // Also what another has written and is still about to sync: the caller acts on it.
    return new Written(path, file.progress(), file.end());
  }

  private void sync(List<Written> written) throws IOException {
    if (!disk.fsync()) {
      return;
    }
    for (Written each : written) {
      each.progress.sync(disk, each.path, each.upTo);
    }
  }

  private Path path(String shard) {
    return root.resolve(shard + MarkerKey.SUFFIX);
  }

  private static ObjectInfo info(String shard, MarkerRecord marker) {
    return new ObjectInfo(
        shard + "/" + marker.name(),
        marker.size(),
        marker.etag(),
        Instant.ofEpochMilli(marker.at()));
  }
}
