package io.yunpipe.internal;

import io.yunpipe.internal.Children.Item;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets tests deploy pipelines and look at what became of uploads. */
public final class Inboxes {
  private Inboxes() {}

  /** Deploys a pipeline whose runs have such a plan. */
  public static void deploy(ObjectStore store, RunPlan plan, Duration quiet) {
    Deployment.of(plan, quiet).write(store);
  }

  /** Returns an upload's event. */
  public static Upload event(ObjectInfo object) {
    return Upload.of(object);
  }

  /** Returns what names a version of an object. */
  public static String identity(Upload upload) {
    return upload.identity();
  }

  /** Returns all runs of a pipeline, in the order of their ids. */
  public static List<RunPlan> runs(ObjectStore store, String pipeline) {
    Plans plans = new Plans(store);
    List<String> ids = new ArrayList<>(RunIndex.of(store, pipeline));
    ids.sort(null);
    return ids.stream().flatMap(id -> plans.newest(id).stream()).toList();
  }

  /** Returns the inputs of a run, by name; the identity of each. */
  public static Map<String, String> inputs(ObjectStore store, RunPlan plan) {
    Map<String, String> inputs = new LinkedHashMap<>();
    for (Item item : items(store, plan)) {
      if (inputs.put(item.name(), item.lineage()) != null) {
        throw new AssertionError("two inputs of run " + plan.run() + " are named " + item.name());
      }
    }
    return inputs;
  }

  /** Returns the problems of a run's inputs, by name; empty where there is none. */
  public static Map<String, String> problems(ObjectStore store, RunPlan plan) {
    Map<String, String> problems = new LinkedHashMap<>();
    for (Item item : items(store, plan)) {
      problems.put(item.name(), item.problem() == null ? "" : item.problem());
    }
    return problems;
  }

  private static List<Item> items(ObjectStore store, RunPlan plan) {
    List<Item> items = new ArrayList<>();
    for (int shard = 0; store.head(plan.keys().manifest(shard)).isPresent(); shard++) {
      Manifest.items(store, plan.keys().manifest(shard), items::add);
    }
    return items;
  }

  /** Returns whether a run's inputs are complete. */
  public static boolean sealed(ObjectStore store, RunPlan plan) {
    return store.head(plan.keys().seal()).isPresent();
  }

  /** Returns a run's final state, or null while it has none. */
  public static String finished(ObjectStore store, RunPlan plan) {
    return store
        .read(plan.keys().finished())
        .map(json -> Json.read(json, Facts.Finished.class, "DONE").state())
        .orElse(null);
  }
}
