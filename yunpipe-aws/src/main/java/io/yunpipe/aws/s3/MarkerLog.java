package io.yunpipe.aws.s3;

import io.yunpipe.aws.s3.MarkerPack.Value;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Commit markers, many to an object: each shard's go to chains of write-once objects beside each
 * other. What is known of shards is kept up to a number of bytes, those used last. Thread-safe.
 */
final class MarkerLog {
  private final S3Calls calls;
  private final String prefix;
  private final Parallel parallel;
  private final Clock clock;
  private final Pauses pauses;
  private final long maxBytes;
  private final LinkedHashMap<String, MarkerShard> shards = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Creates it.
   *
   * @param prefix what all keys start with
   * @param maxBytes how much to keep in memory
   */
  MarkerLog(
      S3Calls calls, String prefix, Parallel parallel, Clock clock, Pauses pauses, long maxBytes) {
    this.calls = calls;
    this.prefix = prefix;
    this.parallel = parallel;
    this.clock = clock;
    this.pauses = pauses;
    this.maxBytes = maxBytes;
  }

  private MarkerShard shard(String key) {
    synchronized (shards) {
      return shards.computeIfAbsent(
          key, shard -> new MarkerShard(calls, prefix + shard, clock, pauses));
    }
  }

  /** Drops what was used longest ago, if there is too much. */
  private void trim() {
    synchronized (shards) {
      long bytes = shards.values().stream().mapToLong(MarkerShard::bytes).sum();
      Iterator<MarkerShard> oldest = shards.values().iterator();
      while (bytes > maxBytes && oldest.hasNext()) {
        bytes -= oldest.next().bytes();
        oldest.remove();
      }
    }
  }

  /** Forgets what is known of a shard. */
  void forget(String shard) {
    synchronized (shards) {
      shards.remove(shard);
    }
  }

  /**
   * Creates markers, each unless its key is taken.
   *
   * @return whether each was created
   */
  Map<MarkerKey, Boolean> commit(Map<MarkerKey, byte[]> markers) {
    Map<String, Map<String, byte[]>> byShard = new LinkedHashMap<>();
    markers.forEach(
        (key, bytes) ->
            byShard
                .computeIfAbsent(key.shard(), shard -> new LinkedHashMap<>())
                .put(key.name(), bytes));
    Map<MarkerKey, Boolean> created = new LinkedHashMap<>();
    List<String> keys = List.copyOf(byShard.keySet());
    List<Map<String, Boolean>> results =
        parallel.map(keys, key -> shard(key).commit(byShard.getOrDefault(key, Map.of())));
    for (int i = 0; i < keys.size(); i++) {
      String shard = keys.get(i);
      results.get(i).forEach((name, done) -> created.put(new MarkerKey(shard, name), done));
    }
    trim();
    return created;
  }

  /** Returns markers, each with its description, where there is one. */
  Map<MarkerKey, Value> read(Set<MarkerKey> markers) {
    Map<String, Set<String>> byShard = new LinkedHashMap<>();
    markers.forEach(
        key ->
            byShard.computeIfAbsent(key.shard(), shard -> new LinkedHashSet<>()).add(key.name()));
    Map<MarkerKey, Value> found = new LinkedHashMap<>();
    List<String> keys = List.copyOf(byShard.keySet());
    List<MarkerShard> known =
        parallel.map(
            keys,
            key -> {
              MarkerShard shard = shard(key);
              shard.refresh(byShard.getOrDefault(key, Set.of()));
              return shard;
            });
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      MarkerShard shard = known.get(i);
      for (String name : byShard.getOrDefault(key, Set.of())) {
        shard.get(name).ifPresent(value -> found.put(new MarkerKey(key, name), value));
      }
    }
    trim();
    return found;
  }

  /** Returns a marker. */
  Optional<Value> read(MarkerKey marker) {
    return Optional.ofNullable(read(Set.of(marker)).get(marker));
  }

  /**
   * Returns the markers of a shard whose keys start so, by key, in order.
   *
   * @param startAfter only keys after this one
   */
  Map<String, Value> range(MarkerKey start, String startAfter, int limit) {
    String after = "";
    if (startAfter.startsWith(start.shard())) {
      after = startAfter.substring(start.shard().length());
    } else if (ObjectKeys.ORDER.compare(startAfter, start.shard()) > 0) {
      return Map.of();
    }
    MarkerShard shard = shard(start.shard());
    shard.refresh();
    Map<String, Value> range = new LinkedHashMap<>();
    shard
        .range(start.name(), after, limit)
        .forEach((name, value) -> range.put(start.shard() + name, value));
    trim();
    return range;
  }

  /** Returns the descriptions of markers. */
  static List<ObjectInfo> described(Map<String, Value> markers) {
    List<ObjectInfo> objects = new ArrayList<>(markers.size());
    markers.forEach((key, value) -> objects.add(described(key, value)));
    return objects;
  }

  static ObjectInfo described(String key, Value value) {
    return new ObjectInfo(
        key, value.bytes().length, value.etag(), Instant.ofEpochMilli(value.time()));
  }
}
