package io.yunpipe.lambda;

import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Stage;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.Deployment;
import io.yunpipe.internal.StagePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pipeline of one stage, deployed without its definition. */
final class Deployed {
  private Deployed() {}

  static Deployment pipeline(String name, Duration quiet) {
    AlgorithmSpec copy =
        new AlgorithmSpec(
            "copy",
            false,
            null,
            List.of("cp", "$input", "$output"),
            Map.of(),
            Set.of(),
            Resources.DEFAULT,
            RetryPolicy.NONE,
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
    StagePlan stage =
        new StagePlan("copy", copy, List.of(), Stage.Kind.EACH, "**", null, Map.of(), true);
    return new Deployment(1, name, List.of(stage), null, 0, quiet, false);
  }
}
