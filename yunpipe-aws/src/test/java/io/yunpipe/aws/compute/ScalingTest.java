package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingTest {
  private static final long NOW = 1_000_000_000;

  @ParameterizedTest
  @CsvSource({
    // waiting, running, starting, most, missing
    "0, 0, 0, 100, 0", // nothing to do
    "1, 0, 0, 100, 1",
    "4, 0, 0, 100, 1", // few jobs, one start
    "10, 0, 0, 100, 3",
    "13, 0, 0, 100, 4",
    "1000, 0, 0, 100, 100",
    "1000000, 0, 0, 100, 100", // never more than the limit
    "1000, 0, 60, 100, 40", // those that start count
    "1000, 60, 40, 100, 0",
    "1000, 120, 0, 100, 0", // a surplus is left alone
    "200, 15, 0, 100, 35",
    "30, 0, 3, 100, 5",
    "12, 0, 3, 100, 0",
    "1000000, 0, 0, 20000, 20000",
  })
  void firstLook_ofAQueue_givesAWorkerPerFourMessages(
      long waiting, int running, int starting, int most, int missing) {
    Look now = Look.of(NOW, waiting, running, starting, 0);
    assertThat(Scaling.missing(now, null, most)).isEqualTo(missing);
  }

  @ParameterizedTest
  @CsvSource({
    // waiting before, waiting now, running, starting, seconds since the launch, most, missing
    "8, 7, 1, 0, 120, 100, 1", // slow jobs: doubled
    "7, 6, 2, 0, 120, 100, 2",
    "6, 3, 4, 0, 120, 100, 0", // done within two minutes
    "20, 20, 10, 0, 120, 100, 10", // nothing moved
    "20, 25, 10, 0, 120, 100, 10", // more came than went
    "20, 4, 10, 0, 120, 100, 0",
    "20, 20, 10, 1, 120, 100, 0", // not before all run
    "20, 20, 10, 0, 59, 100, 0", // nor at once
    "20, 20, 60, 0, 120, 100, 20", // not more than messages wait
    "90, 90, 60, 0, 120, 100, 40", // nor more than the limit
    "9, 9, 0, 0, 120, 100, 3", // all ended: begins anew
  })
  void laterLook_atASlowQueue_doublesWorkers(
      long before, long waiting, int running, int starting, long seconds, int most, int missing) {
    Look now = Look.of(NOW, waiting, running, starting, NOW - seconds * 1000);
    Look then = Look.of(NOW - 60_000, before, running, starting, NOW - seconds * 1000);
    assertThat(Scaling.missing(now, then, most)).isEqualTo(missing);
  }

  /** Eight jobs of an hour each shall not wait for one worker. */
  @Test
  void longJobs_areAllWorkedOnAfterFewMinutes() {
    int running = 0;
    long waiting = 8;
    Look before = null;
    long launched = 0;
    int looks = 0;
    for (long at = NOW; waiting > 0; at += 60_000) {
      looks++;
      Look now = Look.of(at, waiting, running, 0, launched);
      int missing = Scaling.missing(now, before, 100);
      if (missing > 0) {
        launched = at;
      }
      before = now;
      running += missing;
      waiting -= missing;
    }
    assertThat(running).isEqualTo(8);
    assertThat(looks).isLessThanOrEqualTo(5);
  }

  private static Look tried(int fruitless, long minutes, boolean judged) {
    Look.Round round = judged ? null : new Look.Round(0);
    return new Look(NOW, 1000, 0, 0, 0, NOW - minutes * 60_000, round, fruitless);
  }

  @ParameterizedTest
  @CsvSource({
    // rounds without a message taken, minutes since the last, whether its workers ended, missing
    "1, 0, true, 100", // bad luck
    "2, 1, true, 0",
    "2, 2, true, 1",
    "2, 2, false, 0", // the one that was tried may yet come
    "3, 3, true, 0",
    "3, 4, true, 1",
    "5, 15, true, 0",
    "5, 16, true, 1",
    "6, 29, true, 0",
    "6, 30, true, 1",
    "1000000, 30, true, 1", // never longer than half an hour
  })
  void workers_thatEndWithoutTakingAMessage_areTriedOneByOneAfterGrowingPauses(
      int fruitless, long minutes, boolean judged, int missing) {
    assertThat(Scaling.missing(tried(fruitless, minutes, judged), null, 100)).isEqualTo(missing);
  }
}
