package io.yunpipe.internal;

import io.yunpipe.RunOptions;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a run is ended although it is not finished, and what it asks for beyond its definition.
 *
 * @param budgetUsd US dollars, or 0 for no limit
 * @param deadline milliseconds since 1970, or 0 for none
 * @param instanceTypes machine types by stage
 */
public record RunLimits(double budgetUsd, long deadline, Map<String, String> instanceTypes) {
  /** Replaces what was absent. */
  public RunLimits {
    instanceTypes = instanceTypes == null ? Map.of() : instanceTypes;
  }

  /** Returns the limits of a run that is submitted now, or null if it has none. */
  static @Nullable RunLimits of(RunOptions options, Instant now) {
    return options.equals(RunOptions.DEFAULT)
        ? null
        : new RunLimits(
            options.budgetUsd(),
            options.limit().map(after -> now.plus(after).toEpochMilli()).orElse(0L),
            options.instanceTypes());
  }
}
