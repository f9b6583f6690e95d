package io.yunpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  @Test
  void clock_advanced_showsTheNewTimeInEveryZone() {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    Clock abroad = clock.withZone(ZoneId.of("Asia/Shanghai"));
    clock.advance(Duration.ofMinutes(5));
    assertThat(clock.millis()).isEqualTo(300_000);
    assertThat(abroad.instant()).isEqualTo(clock.instant());
    assertThat(abroad.getZone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
  }
}
