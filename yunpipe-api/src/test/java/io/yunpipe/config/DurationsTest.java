package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "60s, PT1M",
    "5 minutes, PT5M",
    "1.5h, PT1H30M",
    "2d, PT48H",
    "PT2H, PT2H"
  })
  void parse_ofNumberWithUnit_isThatLong(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "", "soon", "5 parsecs", "PX", "1.2.3s"})
  void parse_ofAnythingElse_saysWhatIsExpected(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a duration such as 30s, 5m or 2h, but found \"" + text + "\"");
  }

  @Test
  void write_isReadBack() {
    for (long millis : new long[] {0, 1, 999, 1000, 90_000, 86_400_000}) {
      Duration duration = Duration.ofMillis(millis);
      assertThat(Durations.parse(Durations.write(duration))).isEqualTo(duration);
    }
  }
}
