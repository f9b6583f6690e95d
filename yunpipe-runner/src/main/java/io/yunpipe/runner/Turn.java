package io.yunpipe.runner;

import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Marker;
import io.yunpipe.runner.Batch.Place;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one worker has in hand. When one of their jobs takes long, another thread
 * settles what is done and passes on what has not begun, so that nothing waits for the long one.
 * Thread-safe.
 */
final class Turn {
  /** How long a finished job may wait for others to be committed with. */
  private static final long COMMIT_MILLIS = 50;

  /** A job that takes longer keeps nothing else waiting. */
  private static final long LONG_MILLIS = 200;

  private final Worker worker;
  private final JobQueue queue;
  private final Clock clock;
  private final Deque<Message> waiting;
  private final Set<Message> held;
  private final Deque<JobSpec> jobs = new ArrayDeque<>();
  private @Nullable Place place;
  private Batch batch;
  private long jobBegan = Long.MAX_VALUE;

  Turn(Worker worker, JobQueue queue, List<Message> messages, Clock clock) {
    this.worker = worker;
    this.queue = queue;
    this.clock = clock;
    this.waiting = new ArrayDeque<>(messages);
    this.held = new LinkedHashSet<>(messages);
    this.batch = newBatch();
  }

  private Batch newBatch() {
    return new Batch(clock.millis() + COMMIT_MILLIS);
  }

  synchronized Optional<Message> nextMessage() {
    return Optional.ofNullable(waiting.poll());
  }

  /** Begins with a message's jobs. */
  synchronized void begin(Place where, List<JobSpec> all) {
    place = where;
    jobs.clear();
    jobs.addAll(all);
  }

  synchronized Optional<JobSpec> nextJob() {
    Optional<JobSpec> job = Optional.ofNullable(jobs.poll());
    jobBegan = job.isPresent() ? clock.millis() : Long.MAX_VALUE;
    return job;
  }

  synchronized boolean has(Place where, String job) {
    return batch.has(where, job);
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
    held.remove(message);
  }

  synchronized void settleIfDue() {
    if (batch.due(clock.millis())) {
      settle();
    }
  }

  /** Commits what is done, publishes what follows and acknowledges. */
  synchronized void settle() {
    worker.settle(queue, batch);
    batch.messages().forEach(held::remove);
    batch = newBatch();
  }

  /** Returns the messages whose leases are to be kept. */
  synchronized List<Message> held() {
    return List.copyOf(held);
  }

  /** If a job takes long: settles what is done and passes on what has not begun. */
  synchronized void relieve() {
    if (clock.millis() - jobBegan < LONG_MILLIS || jobBegan == Long.MAX_VALUE) {
      return;
    }
    settle();
    if (place != null && !jobs.isEmpty()) {
      worker.send(place, List.copyOf(jobs));
      jobs.clear();
    }
    if (!waiting.isEmpty()) {
      List<Message> others = new ArrayList<>(waiting);
      queue.release(others, Duration.ZERO);
      waiting.clear();
      others.forEach(held::remove);
    }
  }
}
