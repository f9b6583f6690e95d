package io.yunpipe.internal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The small write-once objects by which a run completes. */
final class Facts {
  private Facts() {}

  /**
   * All inputs are taken.
   *
   * @param counts inputs per shard, in order
   * @param problems inputs that could not be taken
   */
  record Seal(List<Integer> counts, int problems) {
    Seal {
      counts = counts == null ? List.of() : counts;
    }
  }

  /**
   * The part of a commit marker that is summed up.
   *
   * @param ok whether it is a success
   * @param children jobs that follow, by stage
   * @param took milliseconds of execution
   */
  record JobDone(boolean ok, Map<String, Integer> children, long took) {
    JobDone {
      children = children == null ? Map.of() : children;
    }
  }

  /**
   * A shard of a stage is finished.
   *
   * @param ok succeeded jobs
   * @param failed failed jobs
   * @param children jobs that follow, by stage
   * @param took milliseconds of execution, of all jobs together
   */
  record ShardDone(int ok, int failed, Map<String, Integer> children, long took) {
    ShardDone {
      children = children == null ? Map.of() : children;
    }
  }

  /**
   * A stage is finished.
   *
   * @param ok succeeded jobs
   * @param failed failed jobs
   * @param took milliseconds of execution, of all jobs together
   */
  record StageDone(long ok, long failed, long took) {}

  /**
   * The run was stopped.
   *
   * @param reason why
   * @param failFast whether a failure policy did it, which makes the run a failed one
   */
  record Cancelled(String reason, boolean failFast) {}

  /**
   * The run is finished.
   *
   * @param state name of a {@link io.yunpipe.RunState}
   * @param at milliseconds since 1970
   * @param reason why it was stopped, or null
   */
  record Finished(String state, long at, @Nullable String reason) {}

  /**
   * First line of a manifest.
   *
   * @param n inputs on the lines that follow
   * @param problems how many of them could not be taken
   * @param end whether no manifest comes after; it has no inputs itself
   */
  record ManifestHead(int n, int problems, boolean end) {}
}
