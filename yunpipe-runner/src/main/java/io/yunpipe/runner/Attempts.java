package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Stage;
import io.yunpipe.internal.FailRecord;
import io.yunpipe.internal.Ids;
import io.yunpipe.internal.InputRef;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Keys;
import io.yunpipe.internal.Marker;
import io.yunpipe.internal.Outbox;
import io.yunpipe.internal.Output;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.StagePlan;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes attempts of jobs: executes, uploads, and decides whether a failed one is tried again.
 * Thread-safe.
 */
public final class Attempts {
  /** EX_TEMPFAIL: the algorithm asks for another try. */
  private static final int TEMPFAIL = 75;

  /** 128 + SIGKILL, what is left of a process that ran out of memory. */
  private static final int KILLED = 137;

  private final ObjectStore store;
  private final Function<String, JobQueue> queues;
  private final Protocol protocol;
  private final JobExecutor executor;
  private final Path scratch;
  private final Clock clock;

  /**
   * Creates it.
   *
   * @param scratch folder for the attempts' folders
   */
  public Attempts(
      ObjectStore store,
      Function<String, JobQueue> queues,
      Protocol protocol,
      JobExecutor executor,
      Path scratch,
      Clock clock) {
    this.store = store;
    this.queues = queues;
    this.protocol = protocol;
    this.executor = executor;
    this.scratch = scratch;
    this.clock = clock;
  }

  /** Returns whether a job's result of the generation before is its result now, too. */
  boolean canTakeOver(RunPlan plan, StagePlan stage, JobSpec job, Marker before) {
    return before.ok()
        && before.content().equals(content(job))
        && same(plan, stage, new Keys(plan.run(), plan.generation() - 1));
  }

  /** Ends the attempts of a run that was stopped. */
  void stop(String run) {
    executor.stop(run);
  }

  /** A gather's inputs are the same if nothing before it was tried again. */
  private boolean same(RunPlan plan, StagePlan stage, Keys before) {
    return stage.kind() != Stage.Kind.GATHER
        || plan.ancestors(stage).stream().allMatch(name -> store.count(before.failed(name)) == 0);
  }

  /** Makes one attempt; returns the marker to commit, or empty if the job will be tried again. */
  Optional<Marker> run(RunPlan plan, StagePlan stage, String shard, JobSpec job)
      throws InterruptedException {
    String attempt = Ids.newAttempt();
    boolean gather = stage.kind() == Stage.Kind.GATHER;
    Map<String, String> variables = new LinkedHashMap<>(stage.algorithm().variables());
    variables.putAll(job.variables());
    try (Execution execution =
        executor.execute(
            new Attempt(
                plan.run(),
                stage.name(),
                job.id(),
                job.name(),
                attempt,
                stage.algorithm(),
                variables,
                gather ? protocol.gathered(plan, stage) : inputs(job),
                gather,
                memory(plan, stage, job),
                scratch.resolve(attempt)))) {
      return execution.succeeded()
          ? Optional.of(upload(plan, stage, job, attempt, execution))
          : failed(plan, stage, shard, job, attempt, execution);
    }
  }

  private List<InputRef> inputs(JobSpec job) {
    String key = job.inKey();
    if (key == null) {
      return job.in();
    }
    byte[] list =
        store
            .read(key)
            .orElseThrow(
                () ->
                    new BackendException(
                        "The list of inputs is gone: " + key + ". Run again.", null));
    return Arrays.asList(Json.read(list, InputRef[].class, key));
  }

  private long memory(RunPlan plan, StagePlan stage, JobSpec job) {
    long memory = stage.algorithm().resources().memoryMib();
    double factor = stage.algorithm().retry().memoryFactor();
    if (memory > 0 && factor > 1 && job.tries() > 0) {
      for (FailRecord record : records(plan, stage, job)) {
        if (record.exit() == KILLED) {
          memory = Math.round(memory * factor);
        }
      }
    }
    return memory;
  }

  private List<FailRecord> records(RunPlan plan, StagePlan stage, JobSpec job) {
    List<FailRecord> records = new ArrayList<>();
    for (ObjectInfo object : store.list(plan.keys().fails(stage.name(), job.id()), "", 1000)) {
      store
          .read(object.key())
          .ifPresent(json -> records.add(Json.read(json, FailRecord.class, object.key())));
    }
    return records;
  }

  private Marker upload(
      RunPlan plan, StagePlan stage, JobSpec job, String attempt, Execution execution) {
    String at = plan.keys().out(stage.name(), job.id(), attempt);
    List<Output> outputs = new ArrayList<>();
    execution
        .outputs()
        .forEach(
            (name, content) -> {
              Stored stored = store.put(at + "/" + name, content);
              outputs.add(new Output(name, stored.size(), stored.sha256()));
            });
    // The job tells how many attempts have failed: to look for it would cost a listing for each.
    int number = job.tries() + 1;
    String log = keepLog(plan, stage, job, attempt, execution);
    showLog(plan, stage, job, number, log);
    return marker(job, attempt, number, execution, at, outputs, log);
  }

  private Marker marker(
      JobSpec job,
      String attempt,
      int number,
      Execution execution,
      String at,
      List<Output> outputs,
      @Nullable String log) {
    return new Marker(
        JobMessage.VERSION,
        job.id(),
        job.name(),
        job.lineage(),
        execution.succeeded(),
        attempt,
        number,
        execution.exitCode(),
        execution.reason(),
        at,
        outputs,
        Map.of(),
        job.variables(),
        content(job),
        log,
        clock.millis(),
        execution.took().toMillis());
  }

  /**
   * Creates the record of a failed attempt under the next free number, and returns the number:
   * attempts are counted by the records of those that failed, so that workers that were lost cost
   * none.
   */
  private int record(RunPlan plan, StagePlan stage, JobSpec job, FailRecord record) {
    for (int number = job.tries() + 1; ; number++) {
      String key = plan.keys().fail(stage.name(), job.id(), number);
      if (store.putIfAbsent(key, Content.of(Json.bytes(record))) || ours(key, record)) {
        return number;
      }
    }
  }

  /** The answer to a write may be lost, and its repetition then finds the key taken. */
  private boolean ours(String key, FailRecord record) {
    return store
        .read(key)
        .map(json -> Json.read(json, FailRecord.class, key))
        .filter(there -> there.attempt().equals(record.attempt()))
        .isPresent();
  }

  private @Nullable String keepLog(
      RunPlan plan, StagePlan stage, JobSpec job, String attempt, Execution execution) {
    Content log = execution.log();
    if (log == null) {
      return null;
    }
    String key = plan.keys().log(stage.name(), job.id(), attempt);
    store.put(key, log);
    return key;
  }

  private void showLog(
      RunPlan plan, StagePlan stage, JobSpec job, int number, @Nullable String log) {
    if (log != null) {
      store.alias(log, plan.keys().shownLog(stage.name(), job.name(), number));
    }
  }

  private Optional<Marker> failed(
      RunPlan plan,
      StagePlan stage,
      String shard,
      JobSpec job,
      String attempt,
      Execution execution) {
    String log = keepLog(plan, stage, job, attempt, execution);
    String reason = String.valueOf(execution.reason());
    FailRecord record =
        new FailRecord(
            attempt, execution.exitCode(), reason, execution.logTail(), log, clock.millis());
    int number = record(plan, stage, job, record);
    showLog(plan, stage, job, number, log);
    RetryPolicy retry = stage.algorithm().retry();
    int limit =
        execution.exitCode() == TEMPFAIL
            ? Math.max(retry.attempts(), RetryPolicy.TEMPFAIL_ATTEMPTS)
            : retry.attempts();
    if (execution.permanent() || number >= limit) {
      return Optional.of(marker(job, attempt, number, execution, "", List.of(), log));
    }
    Outbox outbox = new Outbox(plan, store);
    outbox.add(stage.name(), shard, List.of(job.again(number)));
    Duration wait = retry.waitBefore(number + 1);
    outbox.send(queues, wait);
    return Optional.empty();
  }

  /**
   * Returns a hash of the job's inputs, which says whether an earlier result is still its result.
   */
  private static String content(JobSpec job) {
    StringBuilder text = new StringBuilder();
    for (InputRef file : job.in()) {
      text.append(file.name()).append(' ').append(file.sha256()).append('\n');
    }
    text.append(job.inKey() == null ? "" : job.inKey());
    return job.in().isEmpty() && job.inKey() == null ? "" : Ids.hash(text.toString());
  }
}
