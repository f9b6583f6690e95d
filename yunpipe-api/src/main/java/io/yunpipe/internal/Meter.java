package io.yunpipe.internal;

import io.yunpipe.Cost;
import io.yunpipe.internal.Facts.JobDone;
import io.yunpipe.internal.Facts.ShardDone;
import io.yunpipe.internal.Facts.StageDone;
import io.yunpipe.spi.Prices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds up what the committed jobs of a run took. Whole stages and shards are known from the facts
 * that completed them; only shards at work are read marker by marker.
 */
final class Meter {
  private final Site site;
  private final RunPlan plan;

  /** Jobs and their time. */
  private static final class Sum {
    private long jobs;
    private long millis;
  }

  Meter(Site site, RunPlan plan) {
    this.site = site;
    this.plan = plan;
  }

  /** Returns the cost so far; nothing where nothing is charged. */
  Cost cost() {
    return site.backend().prices().map(prices -> prices.of(uses(), 0)).orElse(Cost.FREE);
  }

  /** Returns the work so far of each stage. */
  List<Prices.Use> uses() {
    List<Prices.Use> uses = new ArrayList<>();
    for (StagePlan stage : plan.stages()) {
      Sum sum = sum(stage);
      uses.add(
          new Prices.Use(
              stage.name(), stage.algorithm().resources(), sum.jobs, sum.millis / 1000.0));
    }
    return uses;
  }

  private Sum sum(StagePlan stage) {
    Sum sum = new Sum();
    Optional<StageDone> done =
        site.facts().read(plan.keys().stageDone(stage.name()), StageDone.class);
    if (done.isPresent()) {
      sum.jobs = done.get().ok() + done.get().failed();
      sum.millis = done.get().took();
      return sum;
    }
    if (plan.gathered(stage)) {
      add(sum, stage, Keys.GATHERED);
      return sum;
    }
    for (int shard = 0; ; shard++) {
      Optional<Facts.ManifestHead> head = Manifest.head(site.store(), plan.keys().manifest(shard));
      if (head.isEmpty() || head.get().end()) {
        return sum;
      }
      add(sum, stage, Keys.shard(shard));
    }
  }

  private void add(Sum sum, StagePlan stage, String shard) {
    Optional<ShardDone> done =
        site.facts().read(plan.keys().shardDone(stage.name(), shard), ShardDone.class);
    if (done.isPresent()) {
      sum.jobs += done.get().ok() + done.get().failed();
      sum.millis += done.get().took();
      return;
    }
    site.store()
        .readAll(
            plan.keys().done(stage.name(), shard),
            (key, json) -> {
              sum.jobs++;
              sum.millis += Json.read(json, JobDone.class, key).took();
            });
  }
}
