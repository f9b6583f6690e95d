package io.yunpipe;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one submission asks for beyond its inputs. Immutable and thread-safe.
 *
 * @param budgetUsd most US dollars the run may cost; 0 for no limit. Refused before the start if
 *     the estimate is higher; the run is cancelled when what was metered reaches it
 * @param deadline how long after its submission the run is cancelled, or null for never
 * @param instanceTypes machine types by stage, instead of those of the definition
 */
public record RunOptions(
    double budgetUsd, @Nullable Duration deadline, Map<String, String> instanceTypes) {
  /** No limits, machines as defined. */
  public static final RunOptions DEFAULT = new RunOptions(0, null, Map.of());

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the budget is negative or the deadline not positive
   */
  public RunOptions {
    if (!(budgetUsd >= 0)) {
      throw new IllegalArgumentException("budgetUsd must not be negative, but was " + budgetUsd);
    }
    if (deadline != null && (deadline.isZero() || deadline.isNegative())) {
      throw new IllegalArgumentException("deadline must be positive, but was " + deadline);
    }
    instanceTypes = Map.copyOf(instanceTypes);
  }

  /** Returns a copy with a budget in US dollars. */
  public RunOptions budget(double usd) {
    return new RunOptions(usd, deadline, instanceTypes);
  }

  /** Returns a copy that ends the run so long after its submission. */
  public RunOptions deadline(Duration after) {
    return new RunOptions(budgetUsd, Objects.requireNonNull(after), instanceTypes);
  }

  /** Returns the deadline, if there is one. */
  public Optional<Duration> limit() {
    return Optional.ofNullable(deadline);
  }
}
