package io.yunpipe.internal;

import io.yunpipe.FailurePolicy;
import io.yunpipe.Stage;
import io.yunpipe.spi.Demand;
import io.yunpipe.spi.QueueNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a plan.
 *
 * @param name the stage's name
 * @param algorithm what its jobs run
 * @param after stages before; empty: the run's inputs
 * @param kind how jobs come from what is before
 * @param select glob that chooses outputs of the stage before
 * @param policy what a gather does about failures, as {@link PolicyText} writes it
 * @param matrix values to combine, by variable
 * @param keep whether results are shown and downloaded
 * @param instanceType machine type asked for, or null if it is chosen from the resources
 */
public record StagePlan(
    String name,
    AlgorithmSpec algorithm,
    List<String> after,
    Stage.Kind kind,
    String select,
    @Nullable String policy,
    Map<String, List<String>> matrix,
    boolean keep,
    @Nullable String instanceType) {
  /** Creates a stage that asks for no machine type. */
  public StagePlan(
      String name,
      AlgorithmSpec algorithm,
      List<String> after,
      Stage.Kind kind,
      String select,
      @Nullable String policy,
      Map<String, List<String>> matrix,
      boolean keep) {
    this(name, algorithm, after, kind, select, policy, matrix, keep, null);
  }

  /** Replaces what was absent by empty values. */
  public StagePlan {
    after = after == null ? List.of() : List.copyOf(after);
    matrix = matrix == null ? Map.of() : matrix;
  }

  /** Returns how many of its jobs wait, as compute is told. */
  Demand demand(long jobs) {
    return new Demand(name, queue(), algorithm.resources(), instanceType, jobs);
  }

  /** Returns the name of the queue of its jobs. */
  String queue() {
    return QueueNames.of(name, algorithm.function() ? algorithm.name() : null);
  }

  FailurePolicy failurePolicy() {
    return policy == null ? FailurePolicy.tolerate(0) : PolicyText.parse(policy);
  }

  /** Returns every combination of the matrix; one empty combination if there is no matrix. */
  List<Map<String, String>> combinations() {
    List<Map<String, String>> all = List.of(Map.of());
    for (Map.Entry<String, List<String>> dimension : matrix.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> combination : all) {
        for (String value : dimension.getValue()) {
          Map<String, String> next = new LinkedHashMap<>(combination);
          next.put(dimension.getKey(), value);
          longer.add(next);
        }
      }
      all = longer;
    }
    return all;
  }
}
