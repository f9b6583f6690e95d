package io.yunpipe.runner;

import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.internal.AlgorithmSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An algorithm as plans have it, whose command an executor only pretends to run. */
final class PlannedAlgorithm {
  private PlannedAlgorithm() {}

  static AlgorithmSpec of(String name, Resources resources, RetryPolicy retry) {
    return new AlgorithmSpec(
        name,
        false,
        null,
        List.of("do"),
        Map.of(),
        Set.of(),
        resources,
        retry,
        0,
        Set.of(0),
        false,
        OutputMode.FOLDER,
        "/in",
        "/out",
        null,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        "plain",
        false);
  }
}
