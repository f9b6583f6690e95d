package io.yunpipe;

import java.util.List;

/**
 * What a submission would do; nothing was started.
 *
 * @param inputs how many inputs there are
 * @param bytes how many bytes would be moved to the backend
 * @param stages what each stage will run
 * @param estimate what it would cost; nothing where nothing is charged
 * @param problems what would go wrong, in one sentence each; empty if nothing was found
 */
public record Plan(
    long inputs, long bytes, List<PlannedStage> stages, Cost estimate, List<String> problems) {
  /** Copies the lists. */
  public Plan {
    stages = List.copyOf(stages);
    problems = List.copyOf(problems);
  }

  /**
   * One stage of a plan.
   *
   * @param stage its name
   * @param runs what it runs
   * @param jobs how many jobs it has; -1 when that is known only later, as after a scatter
   * @param resources what one job needs
   */
  public record PlannedStage(String stage, String runs, long jobs, Resources resources) {}
}
