package io.yunpipe.aws.s3;

import io.yunpipe.aws.s3.MarkerLane.Pending;
import io.yunpipe.aws.s3.MarkerPack.Value;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The commit markers of one shard, as far as they are known here. Thread-safe. */
final class MarkerShard {
  /** What a marker takes in memory beside its name and bytes. */
  private static final int OVERHEAD = 150;

  private final S3Calls calls;
  private final String key;
  private final Clock clock;
  private final Pauses pauses;
  private final SharedLook listings = new SharedLook();
  private final MarkerLane root = new MarkerLane(this, "");
  private final NavigableMap<String, Value> markers = new TreeMap<>(ObjectKeys.ORDER);
  private boolean listed;
  private long bytes = OVERHEAD;

  /**
   * Creates it.
   *
   * @param key what the keys of its objects start with
   */
  MarkerShard(S3Calls calls, String key, Clock clock, Pauses pauses) {
    this.calls = calls;
    this.key = key;
    this.clock = clock;
    this.pauses = pauses;
  }

  S3Calls calls() {
    return calls;
  }

  String key() {
    return key;
  }

  Clock clock() {
    return clock;
  }

  Pauses pauses() {
    return pauses;
  }

  /** Returns about how much memory this takes. */
  synchronized long bytes() {
    return bytes;
  }

  synchronized boolean has(String name) {
    return markers.containsKey(name);
  }

  synchronized void add(Map<String, Value> more) {
    more.forEach(
        (name, value) -> {
          if (markers.putIfAbsent(name, value) == null) {
            bytes += OVERHEAD + 2L * name.length() + value.bytes().length;
          }
        });
  }

  /**
   * Writes markers, each unless its name is taken.
   *
   * @return whether each was created, by name
   */
  Map<String, Boolean> commit(Map<String, byte[]> values) {
    if (!listed()) {
      listings.look(this::list);
    }
    List<Pending> open = new ArrayList<>();
    values.forEach((name, value) -> open.add(new Pending(name, value)));
    Map<String, Boolean> created = new HashMap<>();
    while (!open.isEmpty()) {
      Map<MarkerLane, List<Pending>> byLane = new LinkedHashMap<>();
      for (Pending pending : open) {
        byLane.computeIfAbsent(root.leaf(pending.name()), lane -> new ArrayList<>()).add(pending);
      }
      byLane.forEach(MarkerLane::commit);
      open.removeIf(
          pending -> {
            Boolean done = pending.created();
            if (done != null) {
              created.put(pending.name(), done);
            }
            return done != null;
          });
    }
    return created;
  }

  private synchronized boolean listed() {
    return listed;
  }

  /** Learns of all markers of these names that were written before this call. */
  void refresh(Collection<String> names) {
    Set<String> lacking = new LinkedHashSet<>(names);
    synchronized (this) {
      lacking.removeIf(this::has);
    }
    if (!lacking.isEmpty()) {
      refresh(() -> lacking.stream().map(root::leaf).distinct());
    }
  }

  /** Learns of all markers that were written before this call. */
  void refresh() {
    refresh(
        () -> {
          List<MarkerLane> leaves = new ArrayList<>();
          root.leaves(leaves);
          return leaves.stream();
        });
  }

  private interface Leaves {
    Stream<MarkerLane> get();
  }

  private void refresh(Leaves leaves) {
    List<MarkerLane> lanes = leaves.get().toList();
    if (!listed() || lanes.size() > 2) {
      listings.look(this::list);
      return;
    }
    lanes.forEach(MarkerLane::refresh);
    if (lanes.stream().anyMatch(MarkerLane::ended)) {
      refresh(leaves);
    }
  }

  private void list() {
    Map<String, Integer> last =
        new TreeMap<>(
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    String after = "";
    S3Calls.Page page;
    do {
      page = calls.list(key + "~", after, 1000);
      for (ObjectInfo object : page.objects()) {
        after = object.key();
        String name = after.substring(key.length());
        if (MarkerKey.isSlot(name)) {
          int dash = name.indexOf('-');
          last.put(name.substring(1, dash), Integer.parseInt(name.substring(dash + 1)));
        }
      }
    } while (page.more() && !page.objects().isEmpty());
    // Lanes that have ended come before those that they became.
    last.forEach((path, slot) -> root.at(path).ifPresent(lane -> lane.learn(slot)));
    synchronized (this) {
      listed = true;
    }
  }

  /** Returns a marker that is known. */
  synchronized Optional<Value> get(String name) {
    return Optional.ofNullable(markers.get(name));
  }

  /** Returns the known markers whose names start so, after a name, in order. */
  synchronized Map<String, Value> range(String start, String after, int limit) {
    Map<String, Value> range = new LinkedHashMap<>();
    boolean later = ObjectKeys.ORDER.compare(after, start) >= 0;
    for (Map.Entry<String, Value> marker :
        (later ? markers.tailMap(after, after.isEmpty()) : markers.tailMap(start, true))
            .entrySet()) {
      if (!marker.getKey().startsWith(start) || range.size() == limit) {
        break;
      }
      range.put(marker.getKey(), marker.getValue());
    }
    return range;
  }
}
