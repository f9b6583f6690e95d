package io.yunpipe;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run at one moment.
 *
 * @param runId the run
 * @param pipeline its pipeline's name
 * @param state where it is
 * @param generation 1, plus 1 for each time failed jobs were retried
 * @param submitted when it began
 * @param finished when it ended
 * @param reason why it was cancelled or cannot go on; empty if all is well
 * @param stages counts per stage, in order
 */
public record RunStatus(
    String runId,
    String pipeline,
    RunState state,
    int generation,
    Instant submitted,
    Optional<Instant> finished,
    Optional<String> reason,
    List<StageStatus> stages) {
  /** Copies the list. */
  public RunStatus {
    stages = List.copyOf(stages);
  }

  /** Returns the jobs that were committed, failed ones included. */
  public long done() {
    return stages.stream().mapToLong(stage -> stage.succeeded() + stage.failed()).sum();
  }

  /** Returns the failed jobs. */
  public long failed() {
    return stages.stream().mapToLong(StageStatus::failed).sum();
  }

  /** Returns all jobs known so far. */
  public long total() {
    return stages.stream().mapToLong(StageStatus::total).sum();
  }
}
