package io.yunpipe.internal;

import io.yunpipe.RunOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a run beyond its stages.
 *
 * @param budgetUsd US dollars at which it is cancelled, or 0 for no limit
 * @param deadline when it is cancelled, in milliseconds since 1970, or 0 for never
 * @param announced whether its owner wants to hear of its end
 */
public record RunTerms(double budgetUsd, long deadline, boolean announced) {
  /**
   * Returns the terms of a run that is tried again. Its deadline was for the first time, and has
   * passed or would soon.
   */
  RunTerms again() {
    return new RunTerms(budgetUsd, 0, announced);
  }

  /** Returns the terms of a run that is submitted now, or null if it has none. */
  static @Nullable RunTerms of(RunOptions options, boolean announced, Instant now) {
    return options.budgetUsd() == 0 && options.limit().isEmpty() && !announced
        ? null
        : new RunTerms(
            options.budgetUsd(),
            options.limit().map(after -> now.plus(after).toEpochMilli()).orElse(0L),
            announced);
  }
}
