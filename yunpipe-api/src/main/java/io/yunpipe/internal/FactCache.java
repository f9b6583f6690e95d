package io.yunpipe.internal;

import io.yunpipe.internal.Facts.ManifestHead;
import io.yunpipe.internal.Facts.Seal;
import io.yunpipe.spi.ObjectStore;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads write-once facts; those seen are remembered, those absent are looked for again. */
final class FactCache {
  private static final int MAX = 4096;

  private final ObjectStore store;
  private final Map<String, Object> seen = Recent.map(MAX);

  FactCache(ObjectStore store) {
    this.store = store;
  }

  <T> Optional<T> read(String key, Class<T> type) {
    Object known = seen.get(key);
    // Of a fact that was only asked whether it exists, the content is not known.
    if (type.isInstance(known)) {
      return Optional.of(type.cast(known));
    }
    Optional<T> found = store.read(key).map(json -> Json.read(json, type, key));
    found.ifPresent(fact -> seen.put(key, fact));
    return found;
  }

  Optional<Seal> seal(RunPlan plan) {
    return read(plan.keys().seal(), Seal.class);
  }

  /** Returns a manifest's first line, which says how many inputs the shard has. */
  Optional<ManifestHead> manifest(RunPlan plan, String shard) {
    String key = plan.keys().manifest(shard);
    Object known = seen.get(key);
    if (known instanceof ManifestHead head) {
      return Optional.of(head);
    }
    Optional<ManifestHead> read = Manifest.head(store, key);
    read.ifPresent(found -> seen.put(key, found));
    return read;
  }

  boolean exists(String key) {
    if (seen.containsKey(key)) {
      return true;
    }
    boolean there = store.head(key).isPresent();
    if (there) {
      seen.put(key, key);
    }
    return there;
  }

  /**
   * Returns how many items all branches of a join succeeded on; only when all branches are
   * finished.
   */
  int joinable(RunPlan plan, StagePlan join, String shard) {
    String key = plan.keys().shardDone(join.name(), shard) + "?joinable";
    Object known = seen.get(key);
    if (known != null) {
      return (Integer) known;
    }
    Set<String> common = null;
    for (String before : join.after()) {
      Set<String> succeeded = new HashSet<>();
      Markers.each(
          store,
          plan.keys().done(before, shard),
          marker -> {
            if (marker.ok()) {
              succeeded.add(marker.lineage());
            }
          });
      if (common == null) {
        common = succeeded;
      } else {
        common.retainAll(succeeded);
      }
    }
    int count = common == null ? 0 : common.size();
    seen.put(key, count);
    return count;
  }
}
