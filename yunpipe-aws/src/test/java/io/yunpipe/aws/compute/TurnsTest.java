package io.yunpipe.aws.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final ManualClock clock = new ManualClock();
  private final MemoryObjectStore store = new MemoryObjectStore(clock);

  private Turns program() {
    return new Turns(store, "letters", clock);
  }

  @Test
  void turn_ofOneProgram_keepsOthersOutUntilItEnds() {
    assertThat(program().take("upper")).isPresent();
    assertThat(program().take("upper")).isEmpty();
    assertThat(program().take("lower")).isPresent();
    assertThat(new Turns(store, "other", clock).take("upper")).isPresent();
    clock.advance(Turns.HELD.plusMillis(1));
    assertThat(program().take("upper")).isPresent();
    assertThat(program().take("upper")).isEmpty();
  }

  @Test
  void look_thatWasKept_isSeenInTheNextTurn() {
    Turns.Turn first = program().take("upper").orElseThrow();
    assertThat(first.look()).isNull();
    Look look = new Look(clock.millis(), 5, 3, 2, 1, 7, new Look.Round(4), 2);
    program().keep("upper", first, look);
    assertThat(program().take("upper")).isEmpty();
    clock.advance(Turns.HELD);
    assertThat(program().take("upper").orElseThrow().look()).isEqualTo(look);
  }

  @Test
  void parked_isSeenByAll_andForgottenWithAllTurnsOnceItIsNot() {
    assertThat(program().take("upper")).isPresent();
    Turns.park(store, "letters");
    assertThat(program().parked()).isTrue();
    assertThat(new Turns(store, "other", clock).parked()).isFalse();
    Turns.unpark(store, "letters");
    assertThat(program().parked()).isFalse();
    assertThat(program().take("upper")).as("tried at once").isPresent();
  }

  /** A turn written by a machine whose clock is a day ahead must not hold for a day. */
  @Test
  void turn_ofAClockFarAhead_isTakenOver() {
    clock.advance(Duration.ofDays(1));
    assertThat(program().take("upper")).isPresent();
    clock.advance(Duration.ofDays(-1));
    assertThat(program().take("upper")).isPresent();
  }

  @Test
  void turn_whenManyWantIt_isTakenByOneOfThem() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 50; round++) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Optional<Turns.Turn>>> taken = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          taken.add(
              threads.submit(
                  () -> {
                    start.await();
                    return program().take("upper");
                  }));
        }
        start.countDown();
        int winners = 0;
        for (Future<Optional<Turns.Turn>> one : taken) {
          winners += one.get().isPresent() ? 1 : 0;
        }
        assertThat(winners).as("round %d", round).isOne();
        clock.advance(Turns.HELD);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
