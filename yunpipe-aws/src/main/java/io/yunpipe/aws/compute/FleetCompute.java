package io.yunpipe.aws.compute;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsFailure;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.spi.Demand;
import io.yunpipe.spi.ExternalCompute;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.Staff;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that an engine of AWS starts. Submitting programs and the router all ask for them; {@link
 * Turns} sees to it that one of them acts at a time, and {@link Scaling} says how many there should
 * be. Workers see by themselves that a run was stopped, and end by themselves. Thread-safe.
 */
public final class FleetCompute extends ExternalCompute {
  private static final Logger logger = LoggerFactory.getLogger(FleetCompute.class);

  /** An engine's clock and this one may differ. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final Fleet fleet;
  private final Turns turns;
  private final Function<String, QueueDepth> depths;
  private final int most;
  private final Clock clock;
  private final Map<String, Long> nextLooks = new ConcurrentHashMap<>();
  private final Map<String, String> problems = new ConcurrentSkipListMap<>();
  private final Map<String, Staff> staffs = new ConcurrentHashMap<>();

  /** Whether nobody else starts workers if this program does not. */
  private volatile boolean nobodyElse;

  private volatile boolean leftToOthers;

  /**
   * Creates it.
   *
   * @param depths how full a stage's queue is
   * @param most limit of workers of one stage
   */
  FleetCompute(
      Fleet fleet, Turns turns, Function<String, QueueDepth> depths, int most, Clock clock) {
    this.fleet = fleet;
    this.turns = turns;
    this.depths = depths;
    this.most = most;
    this.clock = clock;
  }

  /**
   * Starts workers if there are too few. What the engine refuses does not stop the caller: jobs
   * wait in their queue, {@link #problem} tells, and the router tries again.
   */
  @Override
  public void ensureWorkers(Demand demand) {
    if (demand.jobs() <= 0 || leftToOthers || !due(demand.stage())) {
      return;
    }
    try {
      Optional<Turns.Turn> turn = turns.take(demand.stage());
      if (turn.isPresent()) {
        act(demand, turn.get());
      }
    } catch (BackendException e) {
      failed(demand.stage(), e);
    }
  }

  /** Whoever waits for a run asks each second. */
  private boolean due(String stage) {
    long now = clock.millis();
    long next = now + Turns.HELD.toMillis();
    return nextLooks.merge(stage, next, (due, later) -> due > now ? due : later) == next;
  }

  private void act(Demand demand, Turns.Turn turn) {
    String stage = demand.stage();
    if (turns.parked()) {
      tell(stage, "The pipeline is parked. Run yunpipe init FILE, or Pipeline.init().");
      return;
    }
    Look before = turn.look();
    long at = clock.millis();
    Census census = fleet.census(stage, since(before, at));
    QueueDepth depth = depths.apply(stage);
    Look now = Look.after(before, at, waiting(demand, depth, census), depth, census);
    int missing = Scaling.missing(now, before, most);
    if (missing > 0) {
      fleet.launch(new Order(stage, demand.perJob(), demand.instanceType(), missing, turn.by()));
      now = now.launched(clock.millis());
      logger.info(
          "Asked for {} workers: stage={} waiting={} running={} starting={}",
          missing,
          stage,
          now.waiting(),
          now.running(),
          now.starting());
    }
    turns.keep(stage, turn, now);
    staffs.merge(
        stage,
        new Staff((long) census.alive() + missing, missing),
        (sum, last) -> new Staff(last.alive(), sum.launched() + last.launched()));
    Optional<String> problem = Scaling.hopeless(now) ? hopeless(stage, now) : census.problem();
    problem.ifPresentOrElse(why -> tell(stage, why), () -> problems.remove(stage));
  }

  /** Returns from when on what befalls workers is a problem of those who wait now. */
  private static long since(@Nullable Look before, long at) {
    return before == null || before.launchedAt() == 0 || !before.continuedBy(at)
        ? at
        : before.launchedAt() - SKEW.toMillis();
  }

  private Optional<String> hopeless(String stage, Look look) {
    long pause = (Scaling.nextTry(look) - look.launchedAt()) / 60_000;
    return Optional.of(
        "Workers of stage "
            + stage
            + " end without taking a message, "
            + look.fruitless()
            + " times in a row"
            + lastEnd(stage)
            + ". One is tried again every "
            + pause
            + " minutes; yunpipe init FILE lets it be tried at once.");
  }

  private String lastEnd(String stage) {
    try {
      return fleet.lastEnd(stage).map(said -> ". " + said).orElse("");
    } catch (BackendException e) {
      return ". Why they ended could not be asked: " + e.getMessage();
    }
  }

  /**
   * The queue knows best; but SQS shows what was sent after a moment only, so while there is
   * neither a message nor a worker the caller is believed.
   */
  private static long waiting(Demand demand, QueueDepth depth, Census census) {
    return depth.empty() && census.alive() == 0 ? demand.jobs() : depth.ready();
  }

  private void failed(String stage, BackendException e) {
    boolean denied =
        e.getCause() instanceof AwsRefusal refusal && AwsFailure.denied(refusal.error());
    if (denied && !nobodyElse) {
      leftToOthers = true;
      logger.warn("Workers are left to the router, which looks each minute: {}", e.getMessage());
    } else if (e.retryable()) {
      logger.warn(
          "Workers of stage {} not looked after, will try again: {}", stage, e.getMessage());
    } else {
      tell(stage, String.valueOf(e.getMessage()));
    }
  }

  private void tell(String stage, String problem) {
    if (!problem.equals(problems.put(stage, problem))) {
      logger.warn("Workers of stage {}: {}", stage, problem);
    }
  }

  /**
   * Ends workers that have lived for too long. Who does so looks after workers when nobody else
   * does, so what it may not do is a problem.
   */
  @Override
  public void sweep() {
    nobodyElse = true;
    leftToOthers = false;
    int ended = fleet.endOld();
    if (ended > 0) {
      logger.warn("Ended {} workers that had lived for too long", ended);
    }
  }

  @Override
  public Optional<String> problem() {
    return problems.values().stream().findFirst();
  }

  @Override
  public Optional<Staff> staff(String stage) {
    return Optional.ofNullable(staffs.get(stage));
  }

  /**
   * Counts a stage's workers, running and starting.
   *
   * @throws BackendException if the engine cannot be asked
   */
  public int workers(String stage) {
    return fleet.census(stage, clock.millis()).alive();
  }

  /**
   * Ends all workers of the pipeline, which takes a while: {@link #left} tells. Jobs at work come
   * back to their queues.
   *
   * @param reason shown by the engine
   * @return how many jobs, tasks or machines were told to end
   * @throws BackendException if the engine cannot be asked
   */
  public int stopAll(String reason) {
    return fleet.stopAll(reason);
  }

  /**
   * Counts all jobs, tasks or machines of the pipeline that are not gone yet.
   *
   * @throws BackendException if the engine cannot be asked
   */
  public int left() {
    return fleet.left();
  }
}
