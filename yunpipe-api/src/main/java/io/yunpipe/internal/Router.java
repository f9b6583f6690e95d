package io.yunpipe.internal;

import io.yunpipe.YunpipeException;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.QueueDepth;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on without the program that submitted: uploads become runs, waiting jobs get workers,
 * lost messages are sent again, dead letters end as failures. Everything may be done twice, and by
 * several programs at once. Thread-safe.
 */
public final class Router {
  private static final Logger logger = LoggerFactory.getLogger(Router.class);

  private static final Duration LEASE = Duration.ofMinutes(2);

  /** A submitter that wrote nothing for so long may have ended before it sent its last jobs. */
  private static final Duration STUCK = Duration.ofMinutes(5);

  private final ObjectStore store;
  private final Function<String, Site> sites;
  private final Plans plans;
  private final Inbox inbox;
  private final Clock clock;
  private final TickListener listener;
  private final @Nullable String pipeline;

  /** Runs of other pipelines, known so that each is looked at once. */
  private final Set<String> foreign = ConcurrentHashMap.newKeySet();

  /** Creates one whose ticks nobody hears of. */
  public Router(ObjectStore store, Function<String, Backend> backends, Clock clock) {
    this(store, backends, clock, TickListener.NONE, null);
  }

  /**
   * Creates it.
   *
   * @param store the store of all pipelines
   * @param backends the backend of a pipeline, by its name; each over that store
   * @param clock the time
   * @param listener hears of ticks
   * @param pipeline the only pipeline whose runs are looked after; null: all of the store's
   */
  public Router(
      ObjectStore store,
      Function<String, Backend> backends,
      Clock clock,
      TickListener listener,
      @Nullable String pipeline) {
    Map<String, Site> known = new ConcurrentHashMap<>();
    this.store = store;
    this.clock = clock;
    this.listener = listener;
    this.pipeline = pipeline;
    this.plans = new Plans(store);
    this.sites =
        name -> known.computeIfAbsent(name, any -> Site.of(backends.apply(name), Set.of(), clock));
    this.inbox = new Inbox(sites, store, clock);
  }

  /** Returns whether an object of this key may be an upload to a pipeline. */
  public static boolean inInbox(String key) {
    return InboxBatch.pipeline(key).isPresent();
  }

  /**
   * Takes uploads as inputs of runs.
   *
   * @return those that could not be taken now and must be offered again
   */
  public List<Upload> uploads(List<Upload> uploads) {
    return inbox.accept(uploads);
  }

  /** Looks after all unfinished runs. One that cannot be looked after now does not stop others. */
  public void tick() {
    Map<String, List<RunPlan>> open = new LinkedHashMap<>();
    Set<String> runs = marked(Keys.open(""));
    for (String run : runs) {
      guarded(
          "run " + run,
          () ->
              unfinished(run)
                  .ifPresent(
                      plan ->
                          open.computeIfAbsent(plan.pipeline(), any -> new ArrayList<>())
                              .add(plan)));
    }
    sweep(open.keySet());
    open.forEach((pipeline, plans) -> guarded("pipeline " + pipeline, () -> tend(pipeline, plans)));
    // Not before: some may just have ended.
    Set<String> ended = marked(Keys.toAnnounce(""));
    announce(ended);
    foreign.removeIf(run -> !runs.contains(run) && !ended.contains(run));
  }

  /** Workers may live on when there is no run any more. */
  private void sweep(Set<String> pipelines) {
    Set<String> all = pipeline == null ? pipelines : Set.of(pipeline);
    all.forEach(
        name ->
            guarded(
                "old workers of pipeline " + name,
                () -> sites.apply(name).backend().compute().sweep()));
  }

  private Set<String> marked(String prefix) {
    Set<String> runs = new LinkedHashSet<>();
    Protocol.pages(store, prefix, marker -> runs.add(marker.key().substring(prefix.length())));
    return runs;
  }

  private void announce(Set<String> ended) {
    for (String run : ended) {
      guarded(
          "the end of run " + run,
          () ->
              plan(run)
                  .ifPresent(
                      plan -> new TermsKeeper(sites.apply(plan.pipeline())).announceEnd(plan)));
    }
  }

  private static void guarded(String what, Runnable task) {
    try {
      task.run();
    } catch (YunpipeException e) {
      logger.warn("Could not look after {}, will try again: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      // One run that this program cannot read must not keep it from all others.
      logger.error("Could not look after {}, will try again", what, e);
    }
  }

  /** Returns the plan of a run that is looked after. */
  private Optional<RunPlan> plan(String run) {
    if (foreign.contains(run)) {
      return Optional.empty();
    }
    Optional<RunPlan> plan = plans.newest(run);
    if (plan.isPresent() && pipeline != null && !plan.get().pipeline().equals(pipeline)) {
      foreign.add(run);
      return Optional.empty();
    }
    return plan;
  }

  private Optional<RunPlan> unfinished(String run) {
    Optional<RunPlan> plan = plan(run);
    if (plan.isPresent() && store.head(plan.get().keys().finished()).isPresent()) {
      // Whoever finished it ended before this, or the marker was written late.
      store.delete(Keys.open(run));
      return Optional.empty();
    }
    return plan;
  }

  private void tend(String pipeline, List<RunPlan> open) {
    Site site = sites.apply(pipeline);
    TermsKeeper terms = new TermsKeeper(site);
    List<RunPlan> runs = new ArrayList<>(open);
    for (RunPlan run : open) {
      guarded(
          "the terms of run " + run.run(),
          () -> {
            if (terms.enforce(run)) {
              runs.remove(run);
            }
          });
    }
    runs.forEach(run -> guarded("uploads of run " + run.run(), () -> inbox.sealIfQuiet(run)));
    Map<String, StagePlan> stages = new LinkedHashMap<>();
    runs.forEach(run -> run.stages().forEach(stage -> stages.put(stage.name(), stage)));
    listener.pipeline(pipeline, runs.size());
    boolean idle = true;
    for (StagePlan stage : stages.values()) {
      int dead = reap(site, stage.queue());
      QueueDepth depth = site.backend().queue(stage.queue()).depth();
      if (depth.ready() > 0) {
        site.ensureWorkers(stage, depth.ready());
      }
      listener.stage(
          pipeline, stage.name(), depth, dead, site.backend().compute().staff(stage.name()));
      idle &= depth.empty();
    }
    Optional<String> problem = site.backend().compute().problem();
    if (!idle && problem.isPresent()) {
      runs.forEach(
          run -> guarded("run " + run.run(), () -> terms.announceStuck(run, problem.get())));
    }
    if (idle) {
      runs.forEach(run -> guarded("run " + run.run(), () -> reconcile(site, run)));
    }
  }

  private void reconcile(Site site, RunPlan run) {
    boolean working =
        run.stages().stream()
            .anyMatch(stage -> site.backend().compute().active(run.run(), stage.name()) > 0);
    if (!working && (store.head(run.keys().seal()).isPresent() || stuck(run))) {
      site.protocol().reconcile(run);
    }
  }

  private boolean stuck(RunPlan run) {
    ObjectInfo newest = Manifest.newest(store, run);
    return newest != null && newest.modified().plus(STUCK).isBefore(clock.instant());
  }

  /**
   * Commits as failed the jobs of messages that were delivered too often.
   *
   * @return how many jobs
   */
  public int deadLetters(String pipeline, String stage) {
    return reap(sites.apply(pipeline), stage);
  }

  private int reap(Site site, String name) {
    JobQueue queue = site.backend().queue(name);
    int jobs = 0;
    int more;
    do {
      more = letters(site).reap(queue, LEASE);
      jobs += more;
    } while (more > 0);
    return jobs;
  }

  /**
   * Commits the jobs of one dead letter as failed.
   *
   * @param body the message
   * @return how many jobs
   */
  public int deadLetter(String body) {
    Optional<RunPlan> plan =
        DeadLetters.message(body).flatMap(work -> plans.get(work.run(), work.generation()));
    return plan.map(found -> letters(sites.apply(found.pipeline())).bury(body)).orElse(0);
  }

  private DeadLetters letters(Site site) {
    return new DeadLetters(store, plans, site.protocol(), clock);
  }
}
