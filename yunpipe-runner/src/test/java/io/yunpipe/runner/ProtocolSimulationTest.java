package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.runner.Simulation.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The run protocol under thousands of random schedules. Set {@code -Dyunpipe.schedules=N} for more
 * and {@code -Dyunpipe.seed=N} to begin elsewhere.
 */
class ProtocolSimulationTest {
  private static final int SCHEDULES = Integer.getInteger("yunpipe.schedules", 2_000);
  private static final long SEED = Long.getLong("yunpipe.seed", 1);
  private static final int ENOUGH_TO_CATCH = 1_000;

  @Test
  void protocol_underAnySchedule_keepsItsPromises() {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      try {
        new Simulation(seed, Variant.RIGHT).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Variant.class, mode = EnumSource.Mode.EXCLUDE, names = "RIGHT")
  void wrongVariant_underSomeSchedule_isCaught(Variant wrong) {
    boolean caught = false;
    for (long seed = 1; seed <= ENOUGH_TO_CATCH && !caught; seed++) {
      try {
        new Simulation(seed, wrong).run();
      } catch (AssertionError e) {
        caught = true;
      }
    }
    assertThat(caught)
        .as(wrong + " breaks a promise in one of " + ENOUGH_TO_CATCH + " schedules")
        .isTrue();
  }
}
