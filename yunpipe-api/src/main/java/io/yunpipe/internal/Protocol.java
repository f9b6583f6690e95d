package io.yunpipe.internal;

import io.yunpipe.RunState;
import io.yunpipe.Stage;
import io.yunpipe.internal.Facts.Cancelled;
import io.yunpipe.internal.Facts.Finished;
import io.yunpipe.internal.Facts.JobDone;
import io.yunpipe.internal.Facts.Seal;
import io.yunpipe.internal.Facts.ShardDone;
import io.yunpipe.internal.Facts.StageDone;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a commit: publication of the next jobs, completion of shards, stages and the
 * run. Every method may be repeated at any time by anyone; all state is in the store. Thread-safe.
 *
 * <p>The rule that makes it right: write your fact first, then look. See docs/architecture.md.
 */
public class Protocol {
  private final ObjectStore store;
  private final Function<String, JobQueue> queues;
  private final Clock clock;
  private final FactCache facts;

  /** Creates the protocol over a backend's parts. */
  public Protocol(ObjectStore store, Function<String, JobQueue> queues, Clock clock) {
    this.store = store;
    this.queues = queues;
    this.clock = clock;
    this.facts = new FactCache(store);
  }

  /** Publishes what follows from committed jobs of one stage and shard. */
  public void publish(RunPlan plan, StagePlan stage, String shard, List<Marker> markers) {
    Outbox outbox = new Outbox(plan, store);
    List<Marker> succeeded = markers.stream().filter(Marker::ok).toList();
    for (StagePlan child : plan.after(stage.name())) {
      outbox.add(child.name(), shard, next(plan, child, shard, stage.name(), succeeded));
    }
    for (Marker marker : markers) {
      if (!marker.ok()) {
        recordFailure(plan, stage, shard, marker);
      }
    }
    outbox.send(queues, Duration.ZERO);
  }

  /** Returns the jobs that follow in one stage from committed successes of the stage before. */
  List<JobSpec> next(
      RunPlan plan, StagePlan child, String shard, String before, List<Marker> succeeded) {
    if (child.kind() == Stage.Kind.JOIN) {
      return joined(plan, child, shard, before, succeeded);
    }
    return Children.single(child)
        ? succeeded.stream()
            .flatMap(marker -> Children.ofMarker(plan, child, marker).stream())
            .toList()
        : List.of();
  }

  /**
   * Returns a join's jobs for those items all of whose branches are committed; each branch that
   * sees so sends. The other branches are looked at together.
   */
  private List<JobSpec> joined(
      RunPlan plan, StagePlan join, String shard, String before, List<Marker> succeeded) {
    List<String> others = join.after().stream().filter(name -> !name.equals(before)).toList();
    List<String> keys = new ArrayList<>();
    for (Marker marker : succeeded) {
      for (String other : others) {
        String job = Ids.hash(plan.run(), other, marker.lineage());
        keys.add(plan.keys().done(other, shard, job));
      }
    }
    Iterator<Optional<byte[]>> found = store.readEach(keys).iterator();
    List<JobSpec> jobs = new ArrayList<>();
    for (Marker marker : succeeded) {
      List<Marker> branches = new ArrayList<>();
      for (String branch : join.after()) {
        if (branch.equals(before)) {
          branches.add(marker);
        } else {
          found
              .next()
              .map(json -> Json.read(json, Marker.class, "a marker of stage " + branch))
              .ifPresent(branches::add);
        }
      }
      if (branches.size() == join.after().size() && branches.stream().allMatch(Marker::ok)) {
        jobs.addAll(Children.ofBranches(plan, join, branches));
      }
    }
    return jobs;
  }

  private void recordFailure(RunPlan plan, StagePlan stage, String shard, Marker marker) {
    index(plan, stage, shard, marker.job());
    if (plan.failsFast(stage)) {
      cancel(
          plan,
          "stage %s failed on %s: %s; the gather after it is fail-fast"
              .formatted(stage.name(), marker.name(), marker.reason()),
          true);
    }
  }

  /** Returns the marker with the number of jobs that follow from it, by stage. */
  public Marker withChildren(RunPlan plan, StagePlan stage, Marker marker) {
    return marker.takenOver(Children.count(plan, stage, marker));
  }

  /** Returns the input files of a gather's job, read as they are asked for. */
  public Iterable<InputRef> gathered(RunPlan plan, StagePlan gather) {
    return new GatheredInputs(store, plan, gather);
  }

  /** Reads a job's commit marker. */
  public Optional<Marker> marker(RunPlan plan, String stage, String shard, String job) {
    String key = plan.keys().done(stage, shard, job);
    return store.read(key).map(json -> Json.read(json, Marker.class, key));
  }

  /** Completes a shard, and all that this completes, if its last job is committed. */
  public void check(RunPlan plan, StagePlan stage, String shard) {
    long expected = expected(plan, stage, shard);
    if (expected < 0 || store.count(plan.keys().done(stage.name(), shard)) < expected) {
      return;
    }
    String key = plan.keys().shardDone(stage.name(), shard);
    if (facts.read(key, ShardDone.class).isEmpty()) {
      store.putIfAbsent(key, Content.of(Json.bytes(summary(plan, stage, shard))));
    }
    for (StagePlan child : plan.after(stage.name())) {
      if (child.kind() != Stage.Kind.GATHER) {
        check(plan, child, shard);
      }
    }
    checkStage(plan, stage);
  }

  /** Completes what only waited for the seal: the number of shards was not known before. */
  public void sealed(RunPlan plan) {
    for (StagePlan stage : plan.stages()) {
      if (stage.after().isEmpty() && stage.kind() == Stage.Kind.GATHER) {
        gather(plan, stage);
      } else if (!plan.gathered(stage)) {
        checkStage(plan, stage);
      }
    }
  }

  /** Returns how many jobs a shard of a stage has, or -1 while that is unknown. */
  private long expected(RunPlan plan, StagePlan stage, String shard) {
    int combinations = stage.combinations().size();
    if (stage.kind() == Stage.Kind.GATHER) {
      return combinations;
    }
    if (stage.after().isEmpty()) {
      return facts.manifest(plan, shard).map(head -> head.n() * (long) combinations).orElse(-1L);
    }
    List<ShardDone> before = new ArrayList<>();
    for (String name : stage.after()) {
      Optional<ShardDone> done = facts.read(plan.keys().shardDone(name, shard), ShardDone.class);
      if (done.isEmpty()) {
        return -1;
      }
      before.add(done.get());
    }
    if (stage.kind() == Stage.Kind.JOIN) {
      return combinations * (long) facts.joinable(plan, stage, shard);
    }
    return before.get(0).children().getOrDefault(stage.name(), 0);
  }

  private void index(RunPlan plan, StagePlan stage, String shard, String failedJob) {
    store.putIfAbsent(plan.keys().failed(stage.name(), shard, failedJob), Content.of("{}"));
  }

  /**
   * Counts a shard, and sees to it that all its failures are in the index: whoever committed one
   * may not have come to that yet, and a finished run must not show fewer failures than it has.
   */
  private ShardDone summary(RunPlan plan, StagePlan stage, String shard) {
    int[] ok = new int[1];
    List<String> failed = new ArrayList<>();
    long[] took = new long[1];
    Map<String, Integer> children = new LinkedHashMap<>();
    store.readAll(
        plan.keys().done(stage.name(), shard),
        (key, json) -> {
          JobDone job = Json.read(json, JobDone.class, key);
          if (job.ok()) {
            ok[0]++;
          } else {
            failed.add(key.substring(key.lastIndexOf('/') + 1));
          }
          took[0] += job.took();
          job.children().forEach((child, count) -> children.merge(child, count, Integer::sum));
        });
    if (store.count(plan.keys().failed(stage.name()) + shard + "/") < failed.size()) {
      failed.forEach(job -> index(plan, stage, shard, job));
    }
    return new ShardDone(ok[0], failed.size(), children, took[0]);
  }

  void checkStage(RunPlan plan, StagePlan stage) {
    int shards =
        plan.gathered(stage) ? 1 : facts.seal(plan).map(seal -> seal.counts().size()).orElse(-1);
    String key = plan.keys().stageDone(stage.name());
    if (facts.read(key, StageDone.class).isEmpty()) {
      if (shards < 0 || store.count(plan.keys().shardDone(stage.name())) < shards) {
        return;
      }
      store.putIfAbsent(key, Content.of(Json.bytes(total(plan, stage, shards))));
    }
    for (StagePlan child : plan.after(stage.name())) {
      if (child.kind() == Stage.Kind.GATHER) {
        gather(plan, child);
      }
    }
    checkRun(plan);
  }

  private StageDone total(RunPlan plan, StagePlan stage, int shards) {
    long ok = 0;
    long failed = 0;
    long took = 0;
    for (int i = 0; i < shards; i++) {
      String shard = plan.gathered(stage) ? Keys.GATHERED : Keys.shard(i);
      ShardDone done =
          facts.read(plan.keys().shardDone(stage.name(), shard), ShardDone.class).orElseThrow();
      ok += done.ok();
      failed += done.failed();
      took += done.took();
    }
    return new StageDone(ok, failed, took);
  }

  /** Sends a gather's job if all stages before are finished and its failure policy allows. */
  void gather(RunPlan plan, StagePlan gather) {
    Keys keys = plan.keys();
    if (gather.after().isEmpty() && facts.seal(plan).isEmpty()) {
      return;
    }
    long ok = 0;
    for (String before : gather.after()) {
      Optional<StageDone> done = facts.read(keys.stageDone(before), StageDone.class);
      if (done.isEmpty()) {
        return;
      }
      ok += done.get().ok();
    }
    if (facts.exists(keys.published(gather.name()))) {
      check(plan, gather, Keys.GATHERED);
      return;
    }
    List<JobSpec> jobs = Children.ofGather(plan, gather);
    String refusal = refusal(plan, gather, ok);
    if (refusal == null) {
      Outbox outbox = new Outbox(plan, store);
      outbox.add(gather.name(), Keys.GATHERED, jobs);
      outbox.send(queues, Duration.ZERO);
    } else {
      refuse(plan, gather, jobs, refusal);
    }
    store.putIfAbsent(keys.published(gather.name()), Content.of("{}"));
    check(plan, gather, Keys.GATHERED);
  }

  private @Nullable String refusal(RunPlan plan, StagePlan gather, long okBefore) {
    long ok = okBefore;
    long failed = 0;
    if (gather.after().isEmpty()) {
      Seal seal = facts.seal(plan).orElseThrow();
      failed = seal.problems();
      ok = seal.counts().stream().mapToLong(count -> count).sum() - failed;
    }
    for (String before : plan.ancestors(gather)) {
      failed +=
          facts
              .read(plan.keys().stageDone(before), StageDone.class)
              .map(StageDone::failed)
              .orElse(0L);
    }
    if (ok > 0 && gather.failurePolicy().allows(failed, ok + failed)) {
      return null;
    }
    return "not run: %d of %d jobs before it failed; its failure policy is %s"
        .formatted(failed, ok + failed, PolicyText.of(gather.failurePolicy()));
  }

  private void refuse(RunPlan plan, StagePlan gather, List<JobSpec> jobs, String reason) {
    List<Marker> markers = new ArrayList<>();
    for (JobSpec job : jobs) {
      Marker marker = Markers.failed(job, "none", 0, -1, reason, clock.millis());
      String key = plan.keys().done(gather.name(), Keys.GATHERED, job.id());
      store.putIfAbsent(key, Content.of(Json.bytes(marker)));
      markers.add(marker);
    }
    publish(plan, gather, Keys.GATHERED, markers);
  }

  private void checkRun(RunPlan plan) {
    long failed = 0;
    for (StagePlan stage : plan.stages()) {
      Optional<StageDone> done = facts.read(plan.keys().stageDone(stage.name()), StageDone.class);
      if (done.isEmpty()) {
        return;
      }
      failed += done.get().failed();
    }
    finish(plan, failed == 0 ? RunState.SUCCEEDED : RunState.FAILED, null);
  }

  private void finish(RunPlan plan, RunState state, @Nullable String reason) {
    store.putIfAbsent(
        plan.keys().finished(),
        Content.of(Json.bytes(new Finished(state.name(), clock.millis(), reason))));
    if (plan.isAnnounced()) {
      store.putIfAbsent(Keys.toAnnounce(plan.run()), Content.of("{}"));
    }
    store.delete(Keys.open(plan.run()));
  }

  /** Stops a run: its waiting jobs will be dropped. Does nothing to a finished one. */
  public void cancel(RunPlan plan, String reason, boolean failFast) {
    if (store.head(plan.keys().finished()).isPresent()) {
      return;
    }
    store.putIfAbsent(
        plan.keys().cancelled(), Content.of(Json.bytes(new Cancelled(reason, failFast))));
    finish(plan, failFast ? RunState.FAILED : RunState.CANCELLED, reason);
  }

  /** Returns whether a run was stopped. */
  public boolean cancelled(RunPlan plan) {
    return store.head(plan.keys().cancelled()).isPresent();
  }

  /**
   * Sends again whatever a run misses: a purged queue, a lost message or a program that died
   * between two steps cannot lose a job.
   */
  public void reconcile(RunPlan plan) {
    if (store.head(plan.keys().finished()).isPresent()) {
      return;
    }
    new Reconciler(plan, store, queues, this).run();
  }

  /** Returns all objects below a prefix, page by page. */
  static void pages(
      ObjectStore store, String prefix, java.util.function.Consumer<ObjectInfo> sink) {
    String after = "";
    List<ObjectInfo> page;
    do {
      page = store.list(prefix, after, 1000);
      page.forEach(sink);
      after = page.isEmpty() ? "" : page.get(page.size() - 1).key();
    } while (page.size() == 1000);
  }
}
