package io.yunpipe.internal;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;

/** Lets people see committed results under names to look at, where the store makes them cheaply. */
public final class ShownResults {
  private ShownResults() {}

  /** Shows the outputs of a committed job, if its stage's results are kept. */
  public static void show(ObjectStore store, RunPlan plan, StagePlan stage, Marker marker) {
    if (!marker.ok() || !stage.keep()) {
      return;
    }
    boolean zipped = stage.algorithm().zippedOutput() != null;
    for (Output output : marker.out()) {
      String path = plan.resultPath(stage, marker.name(), output.name());
      store.alias(marker.key(output), plan.keys().result(path));
      if (zipped) {
        store.alias(marker.key(output), Keys.zippedOutput(plan.pipeline(), output.name()));
        InputRef where =
            new InputRef(output.name(), marker.key(output), output.size(), output.sha256(), null);
        store.put(Keys.zippedIndex(plan.pipeline(), output.name()), Content.of(Json.bytes(where)));
      }
    }
  }
}
