package io.yunpipe.internal;

import io.yunpipe.spi.ObjectStore;
import java.util.Map;
import java.util.Optional;

/**
 * The plans of runs, which never change once written; those read last are remembered. Thread-safe.
 */
public final class Plans {
  private static final int MAX = 32;

  private final ObjectStore store;
  private final Map<String, RunPlan> seen = Recent.map(MAX);

  /** Creates it over a store. */
  public Plans(ObjectStore store) {
    this.store = store;
  }

  /** Returns the plan of a run's generation, or empty if there is none. */
  public Optional<RunPlan> get(String run, int generation) {
    String key = new Keys(run, generation).plan();
    RunPlan known = seen.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<RunPlan> found = store.read(key).map(json -> Json.read(json, RunPlan.class, key));
    found.ifPresent(plan -> seen.put(key, plan));
    return found;
  }

  /** Returns the plan of a run's newest generation, or empty if there is no such run. */
  Optional<RunPlan> newest(String run) {
    Optional<RunPlan> newest = get(run, 1);
    for (int generation = 2; newest.isPresent(); generation++) {
      Optional<RunPlan> next = get(run, generation);
      if (next.isEmpty()) {
        break;
      }
      newest = next;
    }
    return newest;
  }
}
