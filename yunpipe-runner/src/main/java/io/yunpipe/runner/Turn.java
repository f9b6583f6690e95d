package io.yunpipe.runner;

import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Marker;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.runner.Batch.Place;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one worker has in hand. When one of their jobs takes long, another thread
 * settles what is done and passes on what has not begun, so that nothing waits for the long one.
 * Thread-safe.
 */
final class Turn {
  private final Worker worker;
  private final JobQueue queue;
  private final Clock clock;
  private final Rhythm rhythm;
  private final long began;
  private final Deque<Task> waiting = new ArrayDeque<>();
  private final Map<String, Message> held = new LinkedHashMap<>();
  private final Deque<JobSpec> jobs = new ArrayDeque<>();
  private @Nullable Place place;
  private @Nullable Look look;
  private Batch batch;
  private long jobBegan = Long.MAX_VALUE;

  Turn(Worker worker, JobQueue queue, List<Message> messages, Clock clock) {
    this.worker = worker;
    this.queue = queue;
    this.clock = clock;
    this.rhythm = worker.rhythm();
    this.began = clock.millis();
    messages.forEach(message -> held.put(message.receipt(), message));
    this.batch = newBatch();
  }

  private Batch newBatch() {
    return new Batch(clock.millis() + rhythm.commitMillis());
  }

  /** Takes what the messages ask for, and which of it is committed already. */
  synchronized void take(List<Task> tasks, Look found) {
    waiting.addAll(tasks);
    look = found;
  }

  synchronized Optional<Task> nextTask() {
    return Optional.ofNullable(waiting.poll());
  }

  /** Begins with a message's jobs. */
  synchronized void begin(Task task) {
    place = task.place();
    jobs.clear();
    jobs.addAll(task.jobs());
  }

  synchronized Optional<JobSpec> nextJob() {
    Optional<JobSpec> job = Optional.ofNullable(jobs.poll());
    jobBegan = job.isPresent() ? clock.millis() : Long.MAX_VALUE;
    return job;
  }

  synchronized boolean has(Place where, String job) {
    return batch.has(where, job);
  }

  /**
   * Returns a job's marker if it is committed.
   *
   * @param again looks once more, when the leases may have ended since the look for all jobs
   */
  synchronized Optional<Marker> committed(
      Place where, String job, BiFunction<Place, String, Optional<Marker>> again) {
    Look known = Objects.requireNonNull(look);
    Optional<Marker> marker = known.marker(where, job);
    return marker.isPresent() || clock.millis() - known.time() < worker.lease().toMillis()
        ? marker
        : again.apply(where, job);
  }

  /** Returns a job's marker of the generation before. */
  synchronized Optional<Marker> committedBefore(Place where, String job) {
    return Objects.requireNonNull(look).markerBefore(where, job);
  }

  synchronized void add(Place where, Marker marker, boolean fresh) {
    batch.add(where, marker, fresh);
  }

  /** All jobs of the message were added, or are another's by now. */
  synchronized void finished(Message message) {
    batch.finished(message);
  }

  /** Gives a message back, its jobs that were not added with it. */
  synchronized void release(Message message, Duration delay) {
    jobBegan = Long.MAX_VALUE;
    queue.release(List.of(message), delay);
    held.remove(message.receipt());
  }

  synchronized void settleIfDue() {
    if (batch.due(clock.millis())) {
      settle();
    }
  }

  /** Commits what is done, publishes what follows and acknowledges. */
  synchronized void settle() {
    worker.settle(queue, batch);
    batch.messages().forEach(message -> held.remove(message.receipt()));
    Look now = look;
    if (now != null) {
      // The same job may come a second time, in another of the messages.
      batch.each(now::add);
    }
    batch = newBatch();
  }

  /** Returns the messages whose leases are to be kept. */
  synchronized List<Message> held() {
    return List.copyOf(held.values());
  }

  /**
   * If a job takes long, or all of them do: settles what is done and passes on what has not begun.
   */
  void relieve() {
    running().ifPresent(worker::watch);
    passOn();
  }

  /** Returns the run whose job is being executed. */
  private synchronized Optional<RunPlan> running() {
    return place == null || jobBegan == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(place.plan());
  }

  private synchronized void passOn() {
    long now = clock.millis();
    if (jobBegan == Long.MAX_VALUE
        || (now - jobBegan < rhythm.longMillis() && now - began < rhythm.turnMillis())) {
      return;
    }
    settle();
    if (place != null && !jobs.isEmpty()) {
      worker.send(place, List.copyOf(jobs));
      jobs.clear();
    }
    if (!waiting.isEmpty()) {
      List<Message> others = waiting.stream().map(Task::message).toList();
      queue.release(others, Duration.ZERO);
      waiting.clear();
      others.forEach(message -> held.remove(message.receipt()));
    }
  }
}
