package io.yunpipe.internal;

import io.yunpipe.RunOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a run is ended although it is not finished.
 *
 * @param budgetUsd US dollars, or 0 for no limit
 * @param deadline milliseconds since 1970, or 0 for none
 */
public record RunLimits(double budgetUsd, long deadline) {
  /** Returns the limits of a run that is submitted now, or null if it has none. */
  static @Nullable RunLimits of(RunOptions options, Instant now) {
    return options.budgetUsd() == 0 && options.limit().isEmpty()
        ? null
        : new RunLimits(
            options.budgetUsd(),
            options.limit().map(after -> now.plus(after).toEpochMilli()).orElse(0L));
  }
}
