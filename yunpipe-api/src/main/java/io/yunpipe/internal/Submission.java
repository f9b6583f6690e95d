package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.Facts.ManifestHead;
import io.yunpipe.internal.Uploads.Named;
import io.yunpipe.internal.source.NameSet;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a run's inputs: uploads them, writes them down shard by shard, and sends their jobs.
 *
 * <p>A shard is written only if its number is free, so two programs that continue the same broken
 * submission never take an input twice. The shard that says "end" decides what belongs to the run;
 * the seal is derived from it.
 */
final class Submission {
  private static final long SHARD_MILLIS = 250;

  /** Bytes after which a shard is closed, so that jobs begin while later inputs are moved. */
  private static final long SHARD_BYTES = 64L << 20;

  private final RunPlan plan;
  private final Shards shards;
  private final ObjectStore store;
  private final Clock clock;
  private final NameSet names = new NameSet();

  /**
   * An input as it is offered: the files of one item, by name.
   *
   * @param name the path that results mirror
   * @param files its files; more than one in a group
   */
  record Offer(String name, List<Part> files) {
    /** Returns how many bytes will be moved, as far as known. */
    long bytes() {
      return files.stream()
          .map(Part::content)
          .filter(Objects::nonNull)
          .mapToLong(content -> Math.max(0, content.size()))
          .sum();
    }
  }

  /**
   * One file of an input: a content to upload, or an object that is stored already.
   *
   * @param name its name inside the job's input folder
   * @param content bytes, or null
   * @param stored the object, or null
   */
  record Part(String name, @Nullable Content content, @Nullable InputRef stored) {}

  Submission(RunPlan plan, Site site) {
    this.plan = plan;
    this.shards = new Shards(plan, site);
    this.store = site.store();
    this.clock = site.clock();
  }

  /** Takes all inputs, leaving out those that an earlier, broken submission of the run took. */
  void run(Iterator<Offer> offers) {
    try (Uploads uploads = new Uploads(store, plan.keys())) {
      run(offers, uploads);
    }
  }

  private void run(Iterator<Offer> offers, Uploads uploads) {
    int shard = 0;
    boolean resumed = store.head(plan.keys().manifest(0)).isPresent();
    if (resumed) {
      shard = skipTaken(0);
      sendAgain(shard - 1);
    }
    while (shard >= 0 && offers.hasNext()) {
      List<Named> inputs = take(offers, shard, resumed);
      if (inputs.isEmpty()) {
        continue;
      }
      List<Item> items = uploads.take(inputs, shard);
      if (shards.write(shard, items)) {
        shards.send(shard, items);
        shard++;
      } else {
        throw new BackendException(
            "Another program goes on with the submission of run "
                + plan.run()
                + "; this one stops. Attach to the run to watch it.",
            null);
      }
    }
    seal(shard);
  }

  /**
   * Remembers the inputs taken so far; returns the first free shard, or -1 if the end was written.
   */
  private int skipTaken(int from) {
    for (int shard = from; ; shard++) {
      String key = plan.keys().manifest(shard);
      Optional<ManifestHead> head = Manifest.head(store, key);
      if (head.isEmpty()) {
        return shard;
      }
      if (head.get().end()) {
        return -1;
      }
      Manifest.items(store, key, item -> names.add(item.name()));
    }
  }

  /** The program that wrote a shard last may have ended before it sent the jobs. */
  private void sendAgain(int shard) {
    if (shard >= 0) {
      List<Item> items = new ArrayList<>();
      Manifest.items(store, plan.keys().manifest(shard), items::add);
      shards.send(shard, items);
    }
  }

  private List<Named> take(Iterator<Offer> offers, int shard, boolean resumed) {
    long limit = clock.millis() + SHARD_MILLIS;
    int size = Math.min(Manifest.MAX_ITEMS, 50 << Math.min(shard * 2, 10));
    List<Named> taken = new ArrayList<>();
    long bytes = 0;
    while (taken.size() < size
        && bytes < SHARD_BYTES
        && (taken.isEmpty() ? offers.hasNext() : more(offers, limit - clock.millis()))) {
      Offer offer = offers.next();
      String name = offer.name();
      if (!names.add(name)) {
        if (resumed) {
          continue;
        }
        name = free(name);
      }
      taken.add(new Named(name, offer));
      bytes += offer.bytes();
    }
    return taken;
  }

  private static boolean more(Iterator<Offer> offers, long millis) {
    return millis > 0
        && (offers instanceof ReadAhead ahead ? ahead.hasNextWithin(millis) : offers.hasNext());
  }

  /** Two inputs of one name stay apart: the later one gets a number. */
  private String free(String name) {
    for (int number = 2; ; number++) {
      String numbered = name + "~" + number;
      if (names.add(numbered)) {
        return numbered;
      }
    }
  }

  private void seal(int firstFree) {
    int shard = firstFree;
    while (shard >= 0 && !shards.end(shard)) {
      shard = skipTaken(shard);
    }
    shards.seal();
  }
}
