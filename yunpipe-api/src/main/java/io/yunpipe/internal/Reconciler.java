package io.yunpipe.internal;

import io.yunpipe.Stage;
import io.yunpipe.internal.Facts.ShardDone;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Compares what a run should have with what it has, shard by shard, and sends what is missing. */
final class Reconciler {
  private final RunPlan plan;
  private final ObjectStore store;
  private final Function<String, JobQueue> queues;
  private final Protocol protocol;

  Reconciler(
      RunPlan plan, ObjectStore store, Function<String, JobQueue> queues, Protocol protocol) {
    this.plan = plan;
    this.store = store;
    this.queues = queues;
    this.protocol = protocol;
  }

  void run() {
    for (int shard = 0; ; shard++) {
      Optional<Facts.ManifestHead> head = Manifest.head(store, plan.keys().manifest(shard));
      if (head.isEmpty() || head.get().end()) {
        break;
      }
      for (StagePlan stage : plan.stages()) {
        if (!plan.gathered(stage)) {
          repair(stage, Keys.shard(shard));
        }
      }
    }
    for (StagePlan stage : plan.stages()) {
      if (stage.kind() == Stage.Kind.GATHER) {
        repairGather(stage);
      } else if (plan.gathered(stage)) {
        repair(stage, Keys.GATHERED);
      }
    }
    protocol.sealed(plan);
  }

  private void repair(StagePlan stage, String shard) {
    String key = plan.keys().shardDone(stage.name(), shard);
    if (store.read(key).map(json -> Json.read(json, ShardDone.class, key)).isEmpty()) {
      Outbox outbox = new Outbox(plan, store);
      expected(stage, shard, job -> addMissing(outbox, stage, shard, job));
      outbox.send(queues, Duration.ZERO);
    }
    protocol.check(plan, stage, shard);
  }

  private void expected(StagePlan stage, String shard, Consumer<JobSpec> sink) {
    if (stage.after().isEmpty()) {
      Manifest.items(
          store,
          plan.keys().manifest(shard),
          item -> Children.ofInput(plan, stage, item).forEach(sink));
      return;
    }
    String before = stage.after().get(0);
    Markers.each(
        store,
        plan.keys().done(before, shard),
        marker -> {
          if (marker.ok()) {
            protocol.next(plan, stage, shard, before, List.of(marker)).forEach(sink);
          }
        });
  }

  private void addMissing(Outbox outbox, StagePlan stage, String shard, JobSpec job) {
    if (store.read(plan.keys().done(stage.name(), shard, job.id())).isEmpty()) {
      outbox.add(stage.name(), shard, List.of(job));
    }
  }

  private void repairGather(StagePlan gather) {
    protocol.gather(plan, gather);
    if (store.head(plan.keys().published(gather.name())).isPresent()) {
      Outbox outbox = new Outbox(plan, store);
      Children.ofGather(plan, gather)
          .forEach(job -> addMissing(outbox, gather, Keys.GATHERED, job));
      outbox.send(queues, Duration.ZERO);
    }
  }
}
