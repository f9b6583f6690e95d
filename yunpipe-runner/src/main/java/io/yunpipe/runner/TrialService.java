package io.yunpipe.runner;

import io.yunpipe.JobFunction;
import io.yunpipe.Trial;
import io.yunpipe.config.Settings;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.TrialRunner;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings {@link Trials} to the engine; found as a service. */
public final class TrialService implements TrialRunner {
  /** For {@link java.util.ServiceLoader}. */
  public TrialService() {}

  /** The engine that runs use on this machine. */
  private static ExecutorSettings settings(AlgorithmSpec algorithm) {
    return algorithm.image() == null
        ? ExecutorSettings.DEFAULT
        : Settings.load(null, Map.of())
            .text("yunpipe.local.container-engine")
            .map(ExecutorSettings.DEFAULT::withEngine)
            .orElse(ExecutorSettings.DEFAULT);
  }

  @Override
  public Trial run(AlgorithmSpec algorithm, @Nullable JobFunction function, Path input) {
    try {
      return Trials.run(algorithm, function, input, Map.of(), settings(algorithm));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Interrupted while trying " + algorithm.name() + "; its processes have ended", e);
    }
  }
}
