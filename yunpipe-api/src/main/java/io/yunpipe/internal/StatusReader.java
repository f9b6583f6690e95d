package io.yunpipe.internal;

import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.StageStatus;
import io.yunpipe.internal.Facts.Finished;
import io.yunpipe.internal.Facts.ManifestHead;
import io.yunpipe.internal.Facts.ShardDone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts a run's jobs from its facts; what is finished is counted once. Thread-safe. */
final class StatusReader {
  private final Site site;
  private final RunPlan plan;
  private final Keys keys;
  private final Map<String, StageCount> counts = new HashMap<>();
  private int shards;
  private long inputs;
  private boolean all;

  /** What is known of one stage: per finished shard its counts, summed up. */
  private static final class StageCount {
    private final java.util.BitSet finished = new java.util.BitSet();
    private final Map<String, Long> children = new HashMap<>();
    private long done;
  }

  StatusReader(Site site, RunPlan plan) {
    this.site = site;
    this.plan = plan;
    this.keys = plan.keys();
  }

  synchronized RunStatus read() {
    Optional<Finished> finished = site.facts().read(keys.finished(), Finished.class);
    readManifests();
    Map<String, StageStatus> stages = new HashMap<>();
    List<StageStatus> ordered = new ArrayList<>();
    for (StagePlan stage : plan.stages()) {
      StageStatus status = stage(stage, stages, finished.isPresent());
      stages.put(stage.name(), status);
      ordered.add(status);
    }
    RunState state =
        finished
            .map(end -> RunState.valueOf(end.state()))
            .orElseGet(() -> all ? RunState.RUNNING : RunState.SUBMITTING);
    return new RunStatus(
        plan.run(),
        plan.pipeline(),
        state,
        plan.generation(),
        Instant.ofEpochMilli(plan.created()),
        finished.map(end -> Instant.ofEpochMilli(end.at())),
        finished.map(Finished::reason).or(() -> Optional.ofNullable(hindrance(state))),
        ordered);
  }

  /** Returns the number of shards known so far. */
  synchronized int shards() {
    readManifests();
    return shards;
  }

  private void readManifests() {
    while (!all) {
      Optional<ManifestHead> head = site.facts().manifest(plan, Keys.shard(shards));
      if (head.isEmpty()) {
        return;
      }
      all = head.get().end();
      if (!all) {
        shards++;
        inputs += head.get().n();
      }
    }
  }

  private StageStatus stage(StagePlan stage, Map<String, StageStatus> before, boolean finished) {
    StageCount count = counts.computeIfAbsent(stage.name(), any -> new StageCount());
    long done = count.done;
    if (plan.gathered(stage)) {
      done += count(stage, count, Keys.GATHERED, 0);
    } else {
      for (int i = count.finished.nextClearBit(0);
          i < shards;
          i = count.finished.nextClearBit(i + 1)) {
        done += count(stage, count, Keys.shard(i), i);
      }
    }
    long failed = done == 0 ? 0 : Math.min(done, site.store().count(keys.failed(stage.name())));
    long total = Math.max(done, total(stage, before));
    long running =
        finished
            ? 0
            : Math.min(total - done, site.backend().compute().active(plan.run(), stage.name()));
    return new StageStatus(
        stage.name(), total - done - running, running, done - failed, failed, total);
  }

  private long count(StagePlan stage, StageCount count, String shard, int number) {
    if (count.finished.get(number)) {
      return 0;
    }
    long done = site.store().count(keys.done(stage.name(), shard));
    if (done == 0) {
      return 0;
    }
    Optional<ShardDone> fact =
        site.facts().read(keys.shardDone(stage.name(), shard), ShardDone.class);
    if (fact.isPresent()) {
      count.finished.set(number);
      count.done += (long) fact.get().ok() + fact.get().failed();
      fact.get()
          .children()
          .forEach((child, jobs) -> count.children.merge(child, (long) jobs, Long::sum));
      return (long) fact.get().ok() + fact.get().failed();
    }
    return done;
  }

  private long total(StagePlan stage, Map<String, StageStatus> before) {
    long combinations = stage.combinations().size();
    if (stage.kind() == Stage.Kind.GATHER) {
      return combinations;
    }
    if (stage.after().isEmpty()) {
      return inputs * combinations;
    }
    if (stage.kind() == Stage.Kind.SCATTER || !stage.select().equals("**")) {
      StageCount parent = counts.get(stage.after().get(0));
      return parent == null ? 0 : parent.children.getOrDefault(stage.name(), 0L);
    }
    long least = Long.MAX_VALUE;
    for (String name : stage.after()) {
      StageStatus status = before.get(name);
      least = Math.min(least, status == null ? 0 : status.total() - status.failed());
    }
    return least * combinations;
  }

  private @Nullable String hindrance(RunState state) {
    if (state == RunState.SUBMITTING && abandoned()) {
      return plan.source() == null
          ? "the submission was broken off and its inputs cannot be read again: cancel the run and"
              + " submit anew; what was taken is processed"
          : "the submission was broken off; watching the run goes on with it";
    }
    for (StagePlan stage : plan.stages()) {
      String function = stage.algorithm().name();
      if (stage.algorithm().function() && !site.functions().contains(function)) {
        return "stage "
            + stage.name()
            + " calls the Java function '"
            + function
            + "', which only the program that defines it can run: attach from there";
      }
    }
    return null;
  }

  /** Returns whether the submission ended before its end, by a program that is gone. */
  boolean abandoned() {
    if (site.store().head(keys.seal()).isPresent()) {
      return false;
    }
    return site.store()
        .read(keys.submitter())
        .map(json -> Json.read(json, Submitter.class, keys.submitter()).gone())
        .orElse(false);
  }
}
