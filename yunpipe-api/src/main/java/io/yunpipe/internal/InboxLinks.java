package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.source.LongSet;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the store knows of a batch's runs: their order, their shards, and all they took. */
final class InboxLinks {
  private static final int READ_AT_ONCE = 32;

  private final InboxBatch batch;
  private final ObjectStore store;

  /** The record of a run in its batch's chain. */
  private record Link(String run) {}

  /** A shard of a run; at its end one without inputs. */
  record Shard(boolean end, List<Item> items) {}

  InboxLinks(InboxBatch batch, ObjectStore store) {
    this.batch = batch;
    this.store = store;
  }

  int count() {
    int[] links = new int[1];
    Protocol.pages(store, batch.chain(), link -> links[0]++);
    return links[0];
  }

  /** Returns the run of a number. */
  String run(int number) {
    String key = batch.chain(number);
    return store
        .read(key)
        .map(json -> Json.read(json, Link.class, key).run())
        .orElseThrow(
            () ->
                new BackendException(
                    "Could not read " + key + ", the record of a run of uploads: it is gone",
                    true,
                    null));
  }

  /** Makes a run the next one, unless there is one of that number; returns which one it is. */
  String create(int number, String run) {
    return store.putIfAbsent(batch.chain(number), Content.of(Json.bytes(new Link(run))))
        ? run
        : run(number);
  }

  /**
   * Returns the hashes of what all runs before one took. They are kept with the last of them, which
   * takes no more, so that the shards of each run are collected once.
   */
  LongSet takenBefore(int number) {
    LongSet taken = new LongSet();
    List<String> unread = new ArrayList<>();
    for (int i = number - 1; i >= 0; i--) {
      String before = run(i);
      Optional<byte[]> known = store.read(new Keys(before, 1).taken());
      if (known.isPresent()) {
        taken.addAll(LongSet.of(known.get()));
        break;
      }
      unread.add(0, before);
    }
    for (String before : unread) {
      shards(before, shard -> shard.items().forEach(item -> taken.add(hash(item.lineage()))));
    }
    if (!unread.isEmpty()) {
      keep(unread.get(unread.size() - 1), taken);
    }
    return taken;
  }

  /** Keeps what a run that has ended and all before it took. */
  void keep(String run, LongSet taken) {
    store.put(new Keys(run, 1).taken(), Content.of(taken.bytes()));
  }

  /** Reads a run's shards in order. */
  void shards(String run, Consumer<Shard> sink) {
    List<String> keys = new ArrayList<>();
    Protocol.pages(store, new Keys(run, 1).manifests(), shard -> keys.add(shard.key()));
    for (int from = 0; from < keys.size(); from += READ_AT_ONCE) {
      List<String> some = keys.subList(from, Math.min(keys.size(), from + READ_AT_ONCE));
      List<Optional<byte[]>> contents = store.readEach(some);
      for (int i = 0; i < some.size(); i++) {
        sink.accept(parse(contents.get(i), some.get(i)));
      }
    }
  }

  /** Reads one shard. */
  Shard shard(String run, int number) {
    String key = new Keys(run, 1).manifest(number);
    return parse(store.read(key), key);
  }

  private static Shard parse(Optional<byte[]> content, String key) {
    byte[] bytes =
        content.orElseThrow(
            () ->
                new BackendException(
                    "Could not read the manifest " + key + ": it is gone", true, null));
    List<Item> items = new ArrayList<>();
    boolean end = Manifest.items(new ByteArrayInputStream(bytes), key, items::add).end();
    return new Shard(end, items);
  }

  /** Returns the hash by which an upload is remembered. */
  static long hash(String identity) {
    return Long.parseUnsignedLong(identity.substring(0, 16), 16);
  }
}
