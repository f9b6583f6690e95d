package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits as failed the jobs of messages that were delivered too often, so that their runs come to
 * an end. Thread-safe.
 */
public final class DeadLetters {
  private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

  private static final int AT_ONCE = 10;
  private static final String REASON =
      "given up: it was handed out again and again, and each time its worker ended before it did;"
          + " look at the job's memory and at this machine's logs";

  private final ObjectStore store;
  private final Plans plans;
  private final Protocol protocol;
  private final Clock clock;

  /** Creates it over a store's runs. */
  public DeadLetters(ObjectStore store, Plans plans, Protocol protocol, Clock clock) {
    this.store = store;
    this.plans = plans;
    this.protocol = protocol;
    this.clock = clock;
  }

  /**
   * Takes some dead letters of a queue.
   *
   * @param lease how long they are withheld from others meanwhile
   * @return how many jobs they held
   */
  public int reap(JobQueue queue, Duration lease) {
    JobQueue dead = queue.deadLetters();
    int jobs = 0;
    for (Message message : dead.receive(AT_ONCE, Duration.ZERO, lease)) {
      jobs += bury(message.body());
      dead.acknowledge(List.of(message));
    }
    return jobs;
  }

  /**
   * Commits the jobs of one message as failed, except those that were committed meanwhile, and
   * publishes what follows. A message that nobody could ever read is dropped.
   *
   * @return how many jobs it held
   * @throws BackendException if the store does not answer, or a newer program wrote the message
   */
  public int bury(String body) {
    return message(body).map(this::bury).orElse(0);
  }

  /** Reads a message; one that nobody could ever read is empty. */
  static Optional<JobMessage> message(String body) {
    JobMessage work;
    try {
      work = Json.read(body, JobMessage.class, "a dead letter");
    } catch (BackendException e) {
      logger.error("Dropped a dead letter that is no message of ours: {}", e.getMessage());
      return Optional.empty();
    }
    if (work.v() > JobMessage.VERSION) {
      throw new BackendException(
          "A dead letter has format %d, this program reads up to %d. Update this program."
              .formatted(work.v(), JobMessage.VERSION),
          true,
          null);
    }
    return Optional.of(work);
  }

  private int bury(JobMessage work) {
    Optional<RunPlan> plan = plans.get(work.run(), work.generation());
    if (plan.isEmpty() || protocol.cancelled(plan.get())) {
      return 0;
    }
    commit(plan.get(), plan.get().stage(work.stage()), work);
    return work.jobs().size();
  }

  private void commit(RunPlan plan, StagePlan stage, JobMessage work) {
    Map<String, Marker> markers = new LinkedHashMap<>();
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (JobSpec job : work.jobs()) {
      Marker marker = Markers.failed(job, Ids.newAttempt(), 0, -1, REASON, clock.millis());
      String key = plan.keys().done(stage.name(), work.shard(), job.id());
      markers.put(key, marker);
      contents.put(key, Json.bytes(marker));
    }
    Iterator<Boolean> created = store.putAllIfAbsent(contents).iterator();
    List<Marker> committed = new ArrayList<>();
    markers.forEach((key, marker) -> committed.add(created.next() ? marker : read(key)));
    committed.forEach(marker -> ShownResults.show(store, plan, stage, marker));
    protocol.publish(plan, stage, work.shard(), committed);
    protocol.check(plan, stage, work.shard());
  }

  private Marker read(String key) {
    return store.read(key).map(json -> Json.read(json, Marker.class, key)).orElseThrow();
  }
}
