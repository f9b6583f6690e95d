package io.yunpipe.internal;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Collects jobs and sends them as few messages, none longer than a queue takes. Not thread-safe.
 */
public final class Outbox {
  /** A job whose description is longer is sent with its inputs listed in an object. */
  private static final int LONG_JOB = 8 * 1024;

  private static final int MAX_PACK = 50;
  private static final int FAR_PACK = 10;

  private final RunPlan plan;
  private final ObjectStore store;
  private final Map<Address, List<JobSpec>> waiting = new LinkedHashMap<>();

  private record Address(String stage, String shard) {}

  /** Creates an empty one. */
  public Outbox(RunPlan plan, ObjectStore store) {
    this.plan = plan;
    this.store = store;
  }

  /** Adds jobs of a stage and shard. */
  public void add(String stage, String shard, List<JobSpec> jobs) {
    if (!jobs.isEmpty()) {
      waiting.computeIfAbsent(new Address(stage, shard), any -> new ArrayList<>()).addAll(jobs);
    }
  }

  /** Sends all that was added; returns the stages that got something. */
  public List<String> send(Function<String, JobQueue> queues, Duration delay) {
    Map<String, List<String>> bodies = new LinkedHashMap<>();
    waiting.forEach(
        (address, jobs) ->
            bodies
                .computeIfAbsent(plan.stage(address.stage()).queue(), any -> new ArrayList<>())
                .addAll(pack(address, jobs)));
    List<String> stages = waiting.keySet().stream().map(Address::stage).distinct().toList();
    waiting.clear();
    bodies.forEach((queue, messages) -> queues.apply(queue).send(messages, delay));
    return stages;
  }

  private List<String> pack(Address address, List<JobSpec> jobs) {
    int size = packSize(plan.stage(address.stage()), jobs.size());
    List<String> bodies = new ArrayList<>();
    List<JobSpec> pack = new ArrayList<>();
    long length = 0;
    for (JobSpec job : jobs) {
      JobSpec sent = shorten(address, job);
      long added = estimate(sent);
      if (!pack.isEmpty()
          && (pack.size() == size || length + added > JobQueue.MAX_BODY_BYTES / 2)) {
        bodies.add(body(address, pack));
        pack.clear();
        length = 0;
      }
      pack.add(sent);
      length += added;
    }
    bodies.add(body(address, pack));
    return bodies;
  }

  /**
   * Calls of a function are short, so they share messages. Commands may be long; they share where
   * each message costs a request of its own, and a worker passes on what it cannot begin soon.
   */
  private int packSize(StagePlan stage, int jobs) {
    int most = stage.algorithm().function() ? MAX_PACK : store.parallelism() > 1 ? FAR_PACK : 1;
    return Math.max(1, Math.min(most, jobs / 8));
  }

  private JobSpec shorten(Address address, JobSpec job) {
    if (job.in().size() < 8 && estimate(job) < LONG_JOB) {
      return job;
    }
    byte[] list = Json.bytes(job.in());
    if (list.length < LONG_JOB) {
      return job;
    }
    String key = plan.keys().inputList(address.stage(), job.id());
    store.putIfAbsent(key, Content.of(list));
    return job.listedAt(key);
  }

  private static long estimate(JobSpec job) {
    long length = 200 + 3L * job.name().length();
    for (InputRef file : job.in()) {
      length +=
          200 + 3L * file.name().length() + (file.key() == null ? 0 : 3L * file.key().length());
      length += file.inline() == null ? 0 : file.inline().length * 4L / 3;
    }
    return length;
  }

  private String body(Address address, List<JobSpec> pack) {
    return Json.text(
        new JobMessage(
            JobMessage.VERSION,
            plan.run(),
            plan.generation(),
            address.stage(),
            address.shard(),
            pack));
  }
}
