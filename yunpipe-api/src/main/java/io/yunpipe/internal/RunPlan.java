package io.yunpipe.internal;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.yunpipe.FailurePolicy;
import io.yunpipe.Stage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run does, written once before anything else: all that a worker needs to know.
 *
 * @param v format version
 * @param run the run's id
 * @param generation 1, plus 1 for each retry of failed jobs
 * @param pipeline the pipeline's name
 * @param created when it was submitted, in milliseconds since 1970
 * @param stages the stages, each after those it depends on
 * @param groupBy pattern by which inputs are grouped, or null
 * @param groupSize inputs in a group, 0 if not fixed
 * @param source paths that a broken submission can be continued from, or null if they cannot be
 *     read again
 * @param terms what else holds for it, or null for nothing
 */
public record RunPlan(
    int v,
    String run,
    int generation,
    String pipeline,
    long created,
    List<StagePlan> stages,
    @Nullable String groupBy,
    int groupSize,
    @Nullable SourceSpec source,
    @Nullable RunTerms terms) {
  /** Creates the plan of a run without terms. */
  public RunPlan(
      int v,
      String run,
      int generation,
      String pipeline,
      long created,
      List<StagePlan> stages,
      @Nullable String groupBy,
      int groupSize,
      @Nullable SourceSpec source) {
    this(v, run, generation, pipeline, created, stages, groupBy, groupSize, source, null);
  }

  /**
   * Where inputs came from.
   *
   * @param kind which kind of {@link io.yunpipe.Inputs}
   * @param paths absolute paths, a pattern or a prefix
   * @param parts what several sources consist of
   */
  public record SourceSpec(String kind, List<String> paths, List<SourceSpec> parts) {
    /** Replaces what was absent by empty values. */
    public SourceSpec {
      paths = paths == null ? List.of() : paths;
      parts = parts == null ? List.of() : parts;
    }

    SourceSpec(String kind, List<String> paths) {
      this(kind, paths, List.of());
    }
  }

  /** Returns where its objects lie. */
  public Keys keys() {
    return new Keys(run, generation);
  }

  /**
   * Returns a stage.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public StagePlan stage(String name) {
    return stages.stream()
        .filter(stage -> stage.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("run " + run + " has no stage " + name));
  }

  @JsonIgnore
  List<StagePlan> roots() {
    return stages.stream().filter(stage -> stage.after().isEmpty()).toList();
  }

  List<StagePlan> after(String name) {
    return stages.stream().filter(stage -> stage.after().contains(name)).toList();
  }

  /** Returns whether the stage has a single shard, being a gather or after one. */
  public boolean gathered(StagePlan stage) {
    return stage.kind() == Stage.Kind.GATHER
        || (!stage.after().isEmpty() && gathered(stage(stage.after().get(0))));
  }

  /** Returns whether one failed job of the stage stops the run. */
  boolean failsFast(StagePlan stage) {
    return after(stage.name()).stream()
        .anyMatch(
            next ->
                (next.kind() == Stage.Kind.GATHER
                        && next.failurePolicy() instanceof FailurePolicy.FailFast)
                    || failsFast(next));
  }

  /** Returns the names of all stages that the stage depends on, itself left out. */
  public Set<String> ancestors(StagePlan stage) {
    Set<String> all = new LinkedHashSet<>();
    for (String before : stage.after()) {
      all.add(before);
      all.addAll(ancestors(stage(before)));
    }
    return all;
  }

  /** Returns where a job's output is shown, below the run's results. */
  public String resultPath(StagePlan stage, String jobName, String output) {
    long kept = stages.stream().filter(StagePlan::keep).count();
    String path = jobName.isEmpty() ? output : jobName + "/" + output;
    return kept > 1 ? stage.name() + "/" + path : path;
  }

  /** Returns whether the run's owner wants to hear of its end. */
  @JsonIgnore
  boolean isAnnounced() {
    return terms != null && terms.announced();
  }

  RunPlan nextGeneration() {
    return new RunPlan(
        v,
        run,
        generation + 1,
        pipeline,
        created,
        stages,
        groupBy,
        groupSize,
        source,
        terms == null ? null : terms.again());
  }
}
