package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.internal.DeadLetters;
import io.yunpipe.internal.Ids;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Marker;
import io.yunpipe.internal.Markers;
import io.yunpipe.internal.Outbox;
import io.yunpipe.internal.Plans;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.ShownResults;
import io.yunpipe.runner.Batch.Entry;
import io.yunpipe.runner.Batch.Place;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's life as the protocol tells it: receive, look for the marker, execute, commit, publish,
 * check, and only then acknowledge. Short jobs are committed together. Thread-safe.
 */
public class Worker {
  private static final Logger logger = LoggerFactory.getLogger(Worker.class);

  /** Deliveries after which a backend's failure is no longer called passing. */
  private static final int PATIENCE = 5;

  private static final Duration UNREADABLE_DELAY = Duration.ofSeconds(10);

  private final ObjectStore store;
  private final Function<String, JobQueue> queues;
  private final Protocol protocol;
  private final Plans plans;
  private final Attempts attempts;
  private final LeaseKeeper leases;
  private final Clock clock;
  private final Stops stops;
  private final Rhythm rhythm;

  /** Creates a worker over a backend's parts. */
  public Worker(
      ObjectStore store,
      Function<String, JobQueue> queues,
      Protocol protocol,
      Attempts attempts,
      LeaseKeeper leases,
      Clock clock) {
    this.store = store;
    this.queues = queues;
    this.protocol = protocol;
    this.plans = new Plans(store);
    this.attempts = attempts;
    this.leases = leases;
    this.clock = clock;
    this.stops = new Stops(protocol, clock);
    this.rhythm = Rhythm.of(store);
  }

  /**
   * Works on messages of one queue.
   *
   * @param queue the queue's name
   * @param max how many messages to take at most
   * @param wait how long to wait for the first
   * @return how many jobs were done; 0 if there was no message
   * @throws InterruptedException if the thread is interrupted; what is not settled is given back
   */
  public int work(String queue, int max, Duration wait) throws InterruptedException {
    return work(queues.apply(queue), receive(queue, max, wait));
  }

  /** Works on as many messages as the pace allows, and tells it how long they took. */
  int work(String queue, Pace pace, Duration wait) throws InterruptedException {
    return work(queue, receive(queue, pace.batch(), wait), pace);
  }

  List<Message> receive(String queue, int max, Duration wait) {
    return queues.apply(queue).receive(max, wait, leases.lease());
  }

  /** Works on messages that were received, and tells the pace how long they took. */
  int work(String queue, List<Message> messages, Pace pace) throws InterruptedException {
    long start = System.nanoTime();
    int jobs = work(queues.apply(queue), messages);
    if (jobs > 0) {
      pace.took(System.nanoTime() - start, messages.size());
    }
    return jobs;
  }

  private int work(JobQueue queue, List<Message> messages) throws InterruptedException {
    if (messages.isEmpty()) {
      return 0;
    }
    Turn turn = new Turn(this, queue, messages, clock);
    int jobs = 0;
    LeaseKeeper.Held held = leases.hold(queue, turn::held, turn::relieve);
    try {
      List<Task> tasks = tasks(queue, messages, turn);
      turn.take(tasks, Look.at(store, tasks, clock.millis()));
      for (Optional<Task> task = turn.nextTask(); task.isPresent(); task = turn.nextTask()) {
        jobs += process(task.get(), turn);
        turn.settleIfDue();
      }
      turn.settle();
    } catch (InterruptedException e) {
      end(queue, turn);
      throw e;
    } finally {
      held.close();
    }
    return jobs;
  }

  /** Commits what is done and gives back the rest; the thread's interrupt must not cut it off. */
  private static void end(JobQueue queue, Turn turn) {
    boolean interrupted = Thread.interrupted();
    try {
      turn.settle();
      queue.release(turn.held(), Duration.ZERO);
    } catch (BackendException e) {
      logger.warn(
          "Could not give back {} messages, their leases must end: {}",
          turn.held().size(),
          e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Reads messages; what this worker can do nothing about is finished or given back. */
  private List<Task> tasks(JobQueue queue, List<Message> messages, Turn turn) {
    List<Task> tasks = new ArrayList<>();
    for (Message message : messages) {
      Optional<JobMessage> work = read(message);
      if (work.isEmpty()) {
        turn.release(message, UNREADABLE_DELAY);
      } else if (work.get().v() > JobMessage.VERSION) {
        queue.release(messages, UNREADABLE_DELAY);
        throw new BackendException(
            "Stopped: a message has format "
                + work.get().v()
                + ", this worker reads up to "
                + JobMessage.VERSION
                + ". Update this program; the message was given back.",
            null);
      } else {
        task(message, work.get(), turn).ifPresent(tasks::add);
      }
    }
    return tasks;
  }

  private static Optional<JobMessage> read(Message message) {
    try {
      return Optional.of(Json.read(message.body(), JobMessage.class, "a message of the queue"));
    } catch (BackendException e) {
      logger.error("Message is no work of yunpipe: message={}: {}", message.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Task> task(Message message, JobMessage work, Turn turn) {
    Optional<RunPlan> plan = plans.get(work.run(), work.generation());
    if (plan.isEmpty() || stops.stopped(plan.get())) {
      turn.finished(message);
      return Optional.empty();
    }
    Place place = new Place(plan.get(), plan.get().stage(work.stage()), work.shard());
    return Optional.of(new Task(message, place, work.jobs()));
  }

  private int process(Task task, Turn turn) throws InterruptedException {
    Message message = task.message();
    Place place = task.place();
    if (stops.stopped(place.plan())) {
      turn.finished(message);
      return 0;
    }
    turn.begin(task);
    int jobs = 0;
    try {
      for (Optional<JobSpec> job = turn.nextJob(); job.isPresent(); job = turn.nextJob()) {
        one(place, job.get(), message, turn);
        jobs++;
      }
      turn.finished(message);
    } catch (BackendException e) {
      logger.warn(
          "Job given back: run={} stage={}: {}",
          place.plan().run(),
          place.stage().name(),
          e.getMessage());
      turn.release(message, Duration.ofSeconds(1L << Math.min(5, message.receives())));
      jobs++;
    }
    return jobs;
  }

  Duration lease() {
    return leases.lease();
  }

  /** Returns how much work goes together. */
  Rhythm rhythm() {
    return rhythm;
  }

  /** Looks again whether a run was stopped, the next time it is asked. */
  void forget(String run) {
    stops.forget(run);
  }

  /** Ends a run's attempts if the run was stopped from elsewhere. */
  void watch(RunPlan plan) {
    try {
      if (stops.stoppedMeanwhile(plan)) {
        attempts.stop(plan.run());
      }
    } catch (BackendException e) {
      logger.warn("Could not look whether run {} was stopped: {}", plan.run(), e.getMessage());
    }
  }

  /** Sends jobs of a message on, for others to do. */
  void send(Place place, List<JobSpec> jobs) {
    Outbox outbox = new Outbox(place.plan(), store);
    outbox.add(place.stage().name(), place.shard(), jobs);
    outbox.send(queues, Duration.ZERO);
  }

  private void one(Place place, JobSpec job, Message message, Turn turn)
      throws InterruptedException {
    if (turn.has(place, job.id())) {
      return;
    }
    Optional<Marker> there = turn.committed(place, job.id(), this::marker);
    if (there.isPresent()) {
      turn.add(place, there.get(), false);
      return;
    }
    if (job.problem() != null) {
      add(turn, place, Markers.failed(job, Ids.newAttempt(), 0, -1, job.problem(), clock.millis()));
      return;
    }
    Optional<Marker> before = turn.committedBefore(place, job.id());
    if (before.isPresent()
        && attempts.canTakeOver(place.plan(), place.stage(), job, before.get())) {
      add(turn, place, before.get());
      return;
    }
    Optional<Marker> made;
    try {
      made = attempts.run(place.plan(), place.stage(), place.shard(), job);
    } catch (BackendException e) {
      if (e.retryable() && message.receives() < PATIENCE) {
        throw e;
      }
      made =
          Optional.of(
              Markers.failed(
                  job,
                  Ids.newAttempt(),
                  message.receives(),
                  -1,
                  String.valueOf(e.getMessage()),
                  clock.millis()));
    }
    made.ifPresent(marker -> add(turn, place, marker));
  }

  private Optional<Marker> marker(Place place, String job) {
    return protocol.marker(place.plan(), place.stage().name(), place.shard(), job);
  }

  private void add(Turn turn, Place place, Marker marker) {
    turn.add(place, protocol.withChildren(place.plan(), place.stage(), marker), true);
  }

  /** Commits, publishes, checks and acknowledges, in this order. */
  void settle(JobQueue queue, Batch batch) {
    if (batch.messages().isEmpty() && batch.fresh().isEmpty()) {
      return;
    }
    commit(batch);
    follow(batch);
    queue.acknowledge(batch.messages());
  }

  /**
   * Creates the markers; whoever lost a race takes the winner's marker and drops its own outputs.
   */
  void commit(Batch batch) {
    Map<String, Entry> fresh = batch.fresh();
    if (fresh.isEmpty()) {
      return;
    }
    Map<String, byte[]> contents = new LinkedHashMap<>();
    fresh.forEach((key, entry) -> contents.put(key, Json.bytes(entry.marker())));
    Iterator<Boolean> created = store.putAllIfAbsent(contents).iterator();
    fresh.forEach(
        (key, entry) -> {
          if (!created.next()) {
            Marker winner =
                store.read(key).map(json -> Json.read(json, Marker.class, key)).orElseThrow();
            if (!winner.attempt().equals(entry.marker().attempt())) {
              drop(entry.marker());
              batch.replace(key, winner);
            }
          }
        });
  }

  private void drop(Marker ours) {
    if (!ours.out().isEmpty()) {
      for (ObjectInfo output : store.list(ours.at() + "/", "", 1000)) {
        store.delete(output.key());
      }
    }
  }

  /** Publishes what follows from the markers and completes what they complete. */
  void follow(Batch batch) {
    batch
        .byPlace()
        .forEach(
            (place, markers) -> {
              markers.forEach(
                  marker -> ShownResults.show(store, place.plan(), place.stage(), marker));
              protocol.publish(place.plan(), place.stage(), place.shard(), markers);
              protocol.check(place.plan(), place.stage(), place.shard());
            });
  }

  /** Commits as failed the jobs of messages that were delivered too often; returns how many. */
  public int reap(String queue) {
    return new DeadLetters(store, plans, protocol, clock).reap(queues.apply(queue), leases.lease());
  }
}
