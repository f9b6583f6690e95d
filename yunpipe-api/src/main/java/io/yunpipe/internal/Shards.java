package io.yunpipe.internal;

import io.yunpipe.Stage;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.Facts.ManifestHead;
import io.yunpipe.internal.Facts.Seal;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Shards of a run's inputs on their way in. A shard is written only if its number is free, so
 * several programs can take inputs of one run; the shard that says "end" decides what belongs to
 * it, and the seal is derived from it.
 */
final class Shards {
  private final RunPlan plan;
  private final Site site;
  private final ObjectStore store;

  Shards(RunPlan plan, Site site) {
    this.plan = plan;
    this.site = site;
    this.store = site.store();
  }

  /** Writes a shard down; returns false if its number is taken. */
  boolean write(int shard, List<Item> items) {
    return store.putIfAbsent(plan.keys().manifest(shard), Content.of(Manifest.bytes(items)));
  }

  /** Says that no shard comes from this number on; returns false if the number is taken. */
  boolean end(int shard) {
    return store.putIfAbsent(plan.keys().manifest(shard), Content.of(Manifest.end()));
  }

  /** Sends the jobs of inputs that are written down, and sees to it that workers take them. */
  void send(int shard, List<Item> items) {
    Outbox outbox = new Outbox(plan, store);
    for (StagePlan root : roots()) {
      for (Item item : items) {
        outbox.add(root.name(), Keys.shard(shard), Children.ofInput(plan, root, item));
      }
    }
    send(outbox, items.size());
  }

  /** Sends the jobs of inputs again that have no result yet: their message may never have been. */
  void sendMissing(int shard, Collection<Item> items) {
    Outbox outbox = new Outbox(plan, store);
    for (StagePlan root : roots()) {
      List<JobSpec> jobs = new ArrayList<>();
      items.forEach(item -> jobs.addAll(Children.ofInput(plan, root, item)));
      String name = Keys.shard(shard);
      List<Optional<byte[]>> markers =
          store.readEach(
              jobs.stream().map(job -> plan.keys().done(root.name(), name, job.id())).toList());
      for (int i = 0; i < jobs.size(); i++) {
        if (markers.get(i).isEmpty()) {
          outbox.add(root.name(), name, List.of(jobs.get(i)));
        }
      }
    }
    send(outbox, items.size());
  }

  private List<StagePlan> roots() {
    return plan.roots().stream().filter(root -> root.kind() != Stage.Kind.GATHER).toList();
  }

  private void send(Outbox outbox, int inputs) {
    for (String stage : outbox.send(site.backend()::queue, Duration.ZERO)) {
      site.ensureWorkers(plan.stage(stage), inputs);
    }
  }

  /** Seals the run, whose end is written: derives the seal and completes what waited for it. */
  void seal() {
    List<Integer> counts = new ArrayList<>();
    int problems = 0;
    for (int i = 0; ; i++) {
      ManifestHead head = Manifest.head(store, plan.keys().manifest(i)).orElseThrow();
      if (head.end()) {
        break;
      }
      counts.add(head.n());
      problems += head.problems();
    }
    store.putIfAbsent(plan.keys().seal(), Content.of(Json.bytes(new Seal(counts, problems))));
    site.protocol().sealed(plan);
  }
}
