package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.aws.s3.MarkerPack.Value;
import io.yunpipe.aws.s3.S3Calls.Outcome;
import io.yunpipe.spi.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A chain of write-once objects, {@code ~<path>-<number>}, that hold the markers of a shard. Slot n
 * is written only by who knows all slots before it, so a marker is new in one slot at most. While
 * one write is on its way, others wait and go together.
 *
 * <p>A writer that loses several times in a row ends the lane: four go on, each for a quarter of
 * the names. Thread-safe; the state is guarded by the shard.
 */
final class MarkerLane {
  /** A pack carries earlier markers up to so many bytes. */
  static final int CARRIED_BYTES = 128 * 1024;

  private static final int GROUP_BYTES = 4 * 1024 * 1024;
  private static final int SPLIT_AFTER = 3;
  private static final int MAX_DEPTH = 3;
  private static final int LAST_SLOT = 999_999;

  /** Without a mark: a slot says itself who wrote it. */
  private static final Condition ABSENT = new Condition("*", null, "");

  private final MarkerShard shard;
  private final String path;
  private final SharedLook looks = new SharedLook();
  private final ReentrantLock writing = new ReentrantLock();
  private final Deque<Pending> queue = new ArrayDeque<>();

  /** The first slot that is not known. */
  private int next;

  /** The first slot whose markers the next one carries. */
  private int from;

  private Map<String, Value> carried = Map.of();
  private List<MarkerLane> parts = List.of();

  /** A marker that waits to be written. */
  static final class Pending {
    private final String name;
    private final byte[] bytes;
    private boolean queued;
    private @Nullable Boolean created;
    private @Nullable RuntimeException failure;

    Pending(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    String name() {
      return name;
    }

    /** Returns whether this write created the marker; null if it must go to another lane. */
    @Nullable Boolean created() {
      return created;
    }
  }

  MarkerLane(MarkerShard shard, String path) {
    this.shard = shard;
    this.path = path;
  }

  String path() {
    return path;
  }

  /** Returns the lane that takes new markers of a name. */
  MarkerLane leaf(String name) {
    synchronized (shard) {
      return parts.isEmpty() ? this : parts.get(digit(name)).leaf(name);
    }
  }

  /** Adds all lanes that take new markers. */
  void leaves(List<MarkerLane> leaves) {
    synchronized (shard) {
      if (parts.isEmpty()) {
        leaves.add(this);
      } else {
        parts.forEach(part -> part.leaves(leaves));
      }
    }
  }

  private int digit(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() >>> (2 * path.length())) & 3;
  }

  /** Returns a lane by its path, if the lanes on the way to it have ended. */
  Optional<MarkerLane> at(String wanted) {
    synchronized (shard) {
      if (wanted.equals(path)) {
        return Optional.of(this);
      }
      return parts.isEmpty()
          ? Optional.empty()
          : parts.get(wanted.charAt(path.length()) - '0').at(wanted);
    }
  }

  private String key(int slot) {
    return shard.key() + "~" + path + "-" + String.format(Locale.ROOT, "%06d", slot);
  }

  /** Returns whether the lane has ended. */
  boolean ended() {
    synchronized (shard) {
      return !parts.isEmpty();
    }
  }

  /** Learns of all slots that were written before this call. */
  void refresh() {
    looks.look(this::catchUp);
  }

  private void catchUp() {
    for (int i = 0; i < 2; i++) {
      int slot = next();
      Optional<MarkerPack> pack = ended() ? Optional.empty() : fetch(slot);
      if (pack.isEmpty()) {
        return;
      }
      apply(slot, pack.get());
    }
    leap();
  }

  /** Goes to the last slot that there is. */
  private void leap() {
    int before = next();
    String last = "";
    List<ObjectInfo> page;
    do {
      String after = last.isEmpty() ? key(Math.max(0, before - 1)) : last;
      S3Calls.Page listed = shard.calls().list(shard.key() + "~" + path + "-", after, 1000);
      page = listed.objects();
      last = page.isEmpty() ? last : page.get(page.size() - 1).key();
      if (!listed.more()) {
        break;
      }
    } while (!page.isEmpty());
    if (!last.isEmpty()) {
      learn(Integer.parseInt(last.substring(last.length() - 6)));
    }
  }

  /** Reads a slot and what it takes to know all before it. */
  void learn(int slot) {
    Deque<MarkerPack> packs = new ArrayDeque<>();
    Deque<Integer> slots = new ArrayDeque<>();
    for (int at = slot; at >= next(); at = packs.element().from() - 1) {
      packs.push(written(at));
      slots.push(at);
    }
    while (!packs.isEmpty()) {
      apply(slots.pop(), packs.pop());
    }
  }

  private MarkerPack written(int slot) {
    return fetch(slot)
        .orElseThrow(
            () ->
                new BackendException(
                    "Could not read commit markers: s3://"
                        + shard.calls().bucket()
                        + "/"
                        + key(slot)
                        + " is gone. Was its run removed?",
                    true,
                    null));
  }

  private Optional<MarkerPack> fetch(int slot) {
    String key = key(slot);
    return shard.calls().read(key).map(bytes -> MarkerPack.decoded(bytes, key));
  }

  private int next() {
    synchronized (shard) {
      return next;
    }
  }

  private void apply(int slot, MarkerPack pack) {
    synchronized (shard) {
      if (slot < next) {
        return;
      }
      if (pack.from() > next) {
        throw new IllegalStateException("Slots before " + key(pack.from()) + " are not known");
      }
      shard.add(pack.markers());
      next = slot + 1;
      from = pack.from();
      carried = pack.markers();
      if (pack.split()) {
        List<MarkerLane> quarters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          quarters.add(new MarkerLane(shard, path + i));
        }
        parts = quarters;
        carried = Map.of();
      }
    }
  }

  /** Writes markers, each unless its name is taken; returns when all are settled or moved. */
  void commit(List<Pending> wanted) {
    synchronized (queue) {
      wanted.forEach(pending -> pending.queued = true);
      queue.addAll(wanted);
    }
    writing.lock();
    try {
      while (anyQueued(wanted)) {
        List<Pending> group = group();
        try {
          write(group);
        } catch (RuntimeException e) {
          for (Pending pending : group) {
            pending.failure = pending.created == null ? e : null;
          }
        }
      }
      for (Pending pending : wanted) {
        if (pending.failure != null) {
          throw failure(pending.failure);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /** Several callers may be told of one failure, so each gets an exception of its own. */
  private static RuntimeException failure(RuntimeException e) {
    return e instanceof BackendException backend
        ? new BackendException(String.valueOf(e.getMessage()), backend.retryable(), e)
        : new IllegalStateException(e);
  }

  private boolean anyQueued(List<Pending> wanted) {
    synchronized (queue) {
      return wanted.stream().anyMatch(pending -> pending.queued);
    }
  }

  private List<Pending> group() {
    List<Pending> group = new ArrayList<>();
    long bytes = 0;
    synchronized (queue) {
      while (!queue.isEmpty() && (group.isEmpty() || bytes < GROUP_BYTES)) {
        Pending pending = queue.remove();
        pending.queued = false;
        bytes += pending.bytes.length;
        group.add(pending);
      }
    }
    return group;
  }

  private void write(List<Pending> group) {
    Map<String, Pending> fresh = new LinkedHashMap<>();
    List<Pending> second = new ArrayList<>();
    for (Pending pending : group) {
      if (fresh.putIfAbsent(pending.name, pending) != null) {
        second.add(pending);
      }
    }
    write(fresh);
    if (!ended()) {
      second.forEach(pending -> pending.created = false);
    }
  }

  private void write(Map<String, Pending> fresh) {
    int losses = 0;
    while (true) {
      dropTaken(fresh);
      if (fresh.isEmpty() || ended()) {
        return;
      }
      boolean splitting = losses >= SPLIT_AFTER && path.length() < MAX_DEPTH;
      int slot = next();
      if (slot > LAST_SLOT) {
        throw new BackendException(
            "Could not commit to " + shard.key() + ": it has too many slots", null);
      }
      MarkerPack pack = pack(slot, splitting ? Map.of() : fresh, splitting);
      if (pack == null) {
        continue;
      }
      byte[] bytes = pack.encoded();
      Slice body = Slice.of(bytes);
      Outcome outcome = shard.calls().put(key(slot), body, Digests.sha256(body), ABSENT).outcome();
      boolean ours = outcome == Outcome.DONE;
      if (outcome == Outcome.REFUSED) {
        MarkerPack there = written(slot);
        // Our own write, whose answer was lost.
        ours = there.writer().equals(pack.writer());
        apply(slot, there);
      } else if (ours) {
        apply(slot, pack);
      }
      if (ours && !splitting) {
        fresh.values().forEach(pending -> pending.created = true);
        return;
      }
      if (!ours) {
        losses++;
        shard.pauses().afterLoss(losses);
        if (losses > 1) {
          refresh();
        }
      }
    }
  }

  private void dropTaken(Map<String, Pending> fresh) {
    synchronized (shard) {
      fresh
          .values()
          .removeIf(
              pending -> {
                boolean taken = shard.has(pending.name);
                if (taken) {
                  pending.created = false;
                }
                return taken;
              });
    }
  }

  /** Returns what to write to a slot; null if that is no longer the next. */
  private @Nullable MarkerPack pack(int slot, Map<String, Pending> fresh, boolean splitting) {
    synchronized (shard) {
      if (slot != next || !parts.isEmpty()) {
        return null;
      }
      long bytes = carried.values().stream().mapToLong(value -> value.bytes().length).sum();
      boolean full = bytes > CARRIED_BYTES;
      Map<String, Value> markers = new LinkedHashMap<>(full ? Map.of() : carried);
      long now = shard.clock().millis();
      fresh.forEach((name, pending) -> markers.put(name, new Value(pending.bytes, now)));
      return new MarkerPack(Condition.newId(), full ? slot : from, splitting, markers);
    }
  }
}
