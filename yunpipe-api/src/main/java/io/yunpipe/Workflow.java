package io.yunpipe;

import java.util.ArrayList;
import java.util.List;

/** How algorithms join: stages that form a directed acyclic graph. Immutable and thread-safe. */
public final class Workflow {
  private final List<Stage> stages;

  private Workflow(List<Stage> stages) {
    this.stages = stages;
  }

  /** Returns a workflow of one algorithm. */
  public static Workflow singleRun(Algorithm algorithm) {
    return of(List.of(Stage.builder(algorithm).build()));
  }

  /** Returns a chain: each algorithm takes the results of the one before. */
  public static Workflow sequenceRun(List<Algorithm> algorithms) {
    List<Stage> stages = new ArrayList<>();
    for (Algorithm algorithm : algorithms) {
      Stage.Builder stage = Stage.builder(algorithm);
      if (!stages.isEmpty()) {
        stage.after(stages.get(stages.size() - 1).name());
      }
      stages.add(stage.build());
    }
    return of(stages);
  }

  /** Returns a fan: every algorithm gets every input. */
  public static Workflow oneToAll(List<Algorithm> algorithms) {
    return of(algorithms.stream().map(algorithm -> Stage.builder(algorithm).build()).toList());
  }

  /**
   * Returns a funnel: every algorithm but the last gets every input, the last gets all their
   * results in one job; a single algorithm gets all inputs in one job.
   */
  public static Workflow allToOne(List<Algorithm> algorithms) {
    List<Stage> stages = new ArrayList<>();
    for (Algorithm algorithm : algorithms) {
      Stage.Builder stage = Stage.builder(algorithm);
      if (stages.size() == algorithms.size() - 1) {
        stages.forEach(before -> stage.after(before.name()));
        stage.gather();
      }
      stages.add(stage.build());
    }
    return of(stages);
  }

  /**
   * Returns a workflow of stages.
   *
   * @throws InvalidPipelineException with all problems: no stage, a name twice, a stage before that
   *     does not exist, a cycle, branches that cannot be joined, an unknown or missing variable, an
   *     unlisted port
   */
  public static Workflow of(List<Stage> stages) {
    List<String> problems = WorkflowCheck.problems(stages);
    if (!problems.isEmpty()) {
      throw new InvalidPipelineException("Workflow", problems);
    }
    return new Workflow(WorkflowCheck.inOrder(stages));
  }

  /** Returns the stages, each after those it depends on. Unmodifiable. */
  public List<Stage> stages() {
    return stages;
  }
}
