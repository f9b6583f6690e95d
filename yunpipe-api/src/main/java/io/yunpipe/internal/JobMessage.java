package io.yunpipe.internal;

import java.util.List;
import java.util.Objects;

/**
 * Work for one queue: jobs of one stage and shard.
 *
 * @param v format version
 * @param run the run
 * @param generation 1, or more after retries of failed jobs
 * @param stage the stage
 * @param shard the shard
 * @param jobs the jobs
 */
public record JobMessage(
    int v, String run, int generation, String stage, String shard, List<JobSpec> jobs) {
  /** The version this code writes and the highest it reads. */
  public static final int VERSION = 1;

  /** Refuses what cannot be a message of ours. */
  public JobMessage {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(jobs, "jobs");
  }
}
