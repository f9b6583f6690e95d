package io.yunpipe.aws.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private final ManualClock clock = new ManualClock();
  private final Leases leases = new Leases(clock);

  @Test
  void lease_thatEnded_runsNoMore() {
    leases.begin("short", Duration.ofSeconds(10));
    leases.begin("long", Duration.ofSeconds(10));
    leases.change(List.of("long", "unknown"), Duration.ofSeconds(30));
    clock.advance(Duration.ofSeconds(10));
    assertThat(leases.running(List.of("short", "long", "unknown")))
        .as("of what is not known, the service decides")
        .containsExactly("long", "unknown");
  }

  @Test
  void lease_givenBack_runsNoMore() {
    leases.begin("a", Duration.ofSeconds(10));
    leases.change(List.of("a"), Duration.ZERO);
    assertThat(leases.running(List.of("a"))).isEmpty();
  }

  @Test
  void leases_thatWereNeverSettled_areForgottenInTheEnd() {
    for (int i = 0; i < 30_000; i++) {
      leases.begin("r" + i, Duration.ofSeconds(1));
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(leases.size()).isLessThan(12_000);
  }
}
