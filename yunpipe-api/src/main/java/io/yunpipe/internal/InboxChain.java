package io.yunpipe.internal;

import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.InboxLinks.Shard;
import io.yunpipe.internal.RunPlan.SourceSpec;
import io.yunpipe.internal.source.LongSet;
import io.yunpipe.internal.source.NameSet;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one batch of uploads, one after the other, as far as this program has read them. Only
 * the last one takes uploads, until its end is written. A shard can be written only by those who
 * read all shards before it: so what is taken is known, and never taken again. Not thread-safe.
 */
final class InboxChain {
  private final InboxBatch batch;
  private final Site site;
  private final ObjectStore store;
  private final Clock clock;
  private final InboxLinks links;
  private final List<long[]> shards = new ArrayList<>();
  private LongSet taken = new LongSet();
  private NameSet names = new NameSet();
  private int number;
  private String run = "";
  private @Nullable RunPlan plan;
  private boolean opened;
  private boolean ended;

  /** Reads a batch's runs from the store. */
  InboxChain(InboxBatch batch, Site site) {
    this.batch = batch;
    this.site = site;
    this.store = site.store();
    this.clock = site.clock();
    this.links = new InboxLinks(batch, store);
    load();
  }

  private void load() {
    number = links.count() - 1;
    plan = null;
    opened = false;
    ended = number < 0;
    shards.clear();
    names = new NameSet();
    if (number < 0) {
      taken = new LongSet();
    } else {
      run = links.run(number);
      taken = links.takenBefore(number);
      links.shards(run, this::remember);
    }
  }

  InboxBatch batch() {
    return batch;
  }

  /** Returns how many uploads it remembers. */
  int size() {
    return taken.size();
  }

  /** Returns whether the newest run takes no more, or there is none. */
  boolean ended() {
    return ended;
  }

  /** Returns whether there was a run, and it takes no more. */
  boolean closed() {
    return number >= 0 && (ended || finished());
  }

  /** Reads the batch's runs again if they were removed since this program looked. */
  void verify() {
    if (number >= 0 && store.head(batch.chain(number)).isEmpty()) {
      load();
    }
  }

  /** Reads the batch's runs again if another run is meant than the newest one known. */
  boolean at(RunPlan expected) {
    if (!run.equals(expected.run())) {
      load();
    }
    return run.equals(expected.run()) && !ended;
  }

  /** Returns whether any run took an input. */
  boolean took(String identity) {
    return taken.contains(InboxLinks.hash(identity));
  }

  /** Returns the newest run, once it has a plan; which it has if it has a shard. */
  RunPlan plan() {
    return known()
        .orElseThrow(
            () ->
                new IllegalStateException("run " + run + " of " + batch.id() + " has no plan yet"));
  }

  private Optional<RunPlan> known() {
    if (plan == null && number >= 0) {
      plan = site.plans().get(run, 1).orElse(null);
    }
    return Optional.ofNullable(plan);
  }

  /** Returns whether the newest run is there and no end is written, nor is it finished. */
  boolean takes() {
    return !ended && known().isPresent() && store.head(Keys.open(run)).isPresent();
  }

  /**
   * Sees to it that the newest run and what was taken are known: the run known so far may be
   * finished, stopped, or even removed meanwhile.
   */
  void refresh() {
    opened = takes();
    if (!opened) {
      load();
      if (!ended && finished()) {
        end();
      }
    }
  }

  /** Opens the next run if the newest has ended, or finishes what another program began to open. */
  void open(Deployment deployment) {
    if (ended) {
      next();
    }
    if (!opened) {
      write(deployment);
      opened = true;
    }
  }

  private boolean finished() {
    return known().map(it -> store.head(it.keys().finished()).isPresent()).orElse(false);
  }

  private void next() {
    number++;
    run = links.create(number, Ids.newRun(clock.instant()));
    plan = null;
    ended = false;
    opened = false;
    shards.clear();
    names = new NameSet();
  }

  private void write(Deployment deployment) {
    SourceSpec source = new SourceSpec("prefix", List.of(batch.prefix()));
    RunPlan mine = deployment.plan(run, clock.millis(), source);
    Submitter submitter = Submitter.inbox(batch.id());
    store.put(mine.keys().submitter(), Content.of(Json.bytes(submitter)));
    store.putIfAbsent(Keys.open(run), Content.of("{}"));
    store.putIfAbsent(Keys.index(batch.pipeline(), run), Content.of("{}"));
    store.putIfAbsent(mine.keys().plan(), Content.of(Json.bytes(mine)));
    plan = site.plans().get(run, 1).orElseThrow();
  }

  /**
   * Makes the next shard of the newest run of inputs; if its number is taken, reads that shard.
   *
   * @return the shard's number, or -1 if it was taken
   */
  int append(List<Item> items) {
    int shard = shards.size();
    if (new Shards(plan(), site).write(shard, items)) {
      remember(new Shard(false, items));
      return shard;
    }
    remember(links.shard(run, shard));
    return -1;
  }

  /** Writes the end of the newest run, after all shards there are. */
  void end() {
    while (!ended) {
      endHere();
    }
  }

  /**
   * Writes the end of the newest run; if its place is taken, reads the shard that is there.
   *
   * @return whether the run has ended
   */
  boolean endHere() {
    int shard = shards.size();
    remember(
        new Shards(plan(), site).end(shard) ? new Shard(true, List.of()) : links.shard(run, shard));
    return ended;
  }

  /** Completes the newest run, which has ended, and keeps what was taken for the next. */
  void seal() {
    links.keep(run, taken);
    new Shards(plan(), site).seal();
  }

  private void remember(Shard shard) {
    if (shard.end()) {
      ended = true;
      return;
    }
    long[] hashes = new long[shard.items().size()];
    for (int i = 0; i < hashes.length; i++) {
      Item item = shard.items().get(i);
      hashes[i] = InboxLinks.hash(item.lineage());
      taken.add(hashes[i]);
      names.add(item.name());
    }
    shards.add(hashes);
  }

  /** Returns whether the newest run has an input of a name. */
  boolean named(String name) {
    return names.contains(name);
  }

  /**
   * Finds inputs of the newest run.
   *
   * @param identities what {@link InboxInput#identity()} says of each
   * @return the inputs by shard; those of earlier runs are left out
   */
  Map<Integer, List<Item>> find(Set<String> identities) {
    LongSet wanted = new LongSet();
    identities.forEach(identity -> wanted.add(InboxLinks.hash(identity)));
    Map<Integer, List<Item>> found = new LinkedHashMap<>();
    for (int shard = 0; shard < shards.size(); shard++) {
      for (long hash : shards.get(shard)) {
        if (wanted.contains(hash)) {
          List<Item> items = links.shard(run, shard).items();
          found.put(
              shard, items.stream().filter(item -> identities.contains(item.lineage())).toList());
          break;
        }
      }
    }
    return found;
  }
}
