package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.DeployedStage;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as it lies in the store for those who start runs without its definition: whoever puts
 * a file into its inbox gets a run of this plan.
 *
 * @param v format version
 * @param pipeline the pipeline's name
 * @param stages the stages, each after those it depends on
 * @param groupBy pattern by which inputs are grouped, or null
 * @param groupSize inputs in a group, 0 if not fixed
 * @param quiet how long no file may arrive before a batch is taken to be complete
 * @param announced whether somebody wants to hear of the end of its runs
 */
public record Deployment(
    int v,
    String pipeline,
    List<StagePlan> stages,
    @Nullable String groupBy,
    int groupSize,
    Duration quiet,
    boolean announced) {
  /** How long a batch must be quiet if nobody says otherwise. */
  public static final Duration QUIET = Duration.ofSeconds(60);

  /** Replaces what was absent. */
  public Deployment {
    stages = List.copyOf(stages);
    quiet = quiet == null ? QUIET : quiet;
  }

  /** Returns the deployment of a pipeline whose runs have such a plan. */
  static Deployment of(RunPlan plan, Duration quiet) {
    return new Deployment(
        JobMessage.VERSION,
        plan.pipeline(),
        plan.stages(),
        plan.groupBy(),
        plan.groupSize(),
        quiet,
        plan.isAnnounced());
  }

  /**
   * Returns a deployed pipeline, or empty if there is none of that name.
   *
   * @throws BackendException if a newer program deployed it
   */
  static Optional<Deployment> read(ObjectStore store, String pipeline) {
    String key = Keys.deployment(pipeline);
    Optional<Deployment> found =
        store.read(key).map(json -> Json.read(json, Deployment.class, key));
    if (found.isPresent() && found.get().v() > JobMessage.VERSION) {
      throw new BackendException(
          "Pipeline %s was deployed in format %d, this program reads up to %d. Update this program, or deploy with the older one."
              .formatted(pipeline, found.get().v(), JobMessage.VERSION),
          true,
          null);
    }
    return found;
  }

  /** Returns the stages of all pipelines that are deployed in a store. */
  static List<DeployedStage> stages(ObjectStore store) {
    List<DeployedStage> stages = new ArrayList<>();
    Protocol.pages(
        store,
        Keys.deployments(),
        object ->
            Keys.deployed(object.key())
                .flatMap(pipeline -> read(store, pipeline))
                .ifPresent(deployment -> stages.addAll(deployment.deployed())));
    return stages;
  }

  /** Returns its stages as users see them. */
  List<DeployedStage> deployed() {
    return stages.stream()
        .map(
            stage ->
                new DeployedStage(
                    pipeline, stage.name(), stage.algorithm().name(), image(stage.algorithm())))
        .toList();
  }

  /** An engine's own number of an image says nothing elsewhere. */
  private static Optional<String> image(AlgorithmSpec algorithm) {
    return Optional.ofNullable(algorithm.imagePin())
        .filter(pin -> pin.contains("@"))
        .or(() -> Optional.ofNullable(algorithm.image()));
  }

  /** Writes it unless it is there as it is. */
  void write(ObjectStore store) {
    String key = Keys.deployment(pipeline);
    byte[] json = Json.bytes(this);
    if (store.read(key).filter(there -> Arrays.equals(there, json)).isEmpty()) {
      store.put(key, Content.of(json));
    }
  }

  /** Returns the plan of a new run. */
  RunPlan plan(String run, long created, RunPlan.SourceSpec source) {
    return new RunPlan(
        JobMessage.VERSION,
        run,
        1,
        pipeline,
        created,
        stages,
        groupBy,
        groupSize,
        source,
        announced ? new RunTerms(0, 0, true) : null);
  }
}
