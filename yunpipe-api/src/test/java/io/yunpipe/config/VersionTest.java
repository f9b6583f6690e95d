package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  @Test
  void versions_sorted_goByNumbers() {
    List<String> sorted =
        Stream.of("1.10", "2", "1", "1.9", "1.0", "10.0.1")
            .map(Version::new)
            .sorted()
            .map(Version::text)
            .toList();
    assertThat(sorted).containsExactly("1", "1.0", "1.9", "1.10", "2", "10.0.1");
  }

  @Test
  void next_ofSeveralNumbers_raisesTheLast() {
    assertThat(Version.FIRST.next()).hasToString("2");
    assertThat(new Version("1.9").next()).hasToString("1.10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v1", "1.", ".1", "01", "1.2.3.4.5", "1/../2", "1234567890", "-1", "1 "})
  void version_ofAnotherForm_isRefused(String text) {
    assertThatThrownBy(() -> new Version(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "version must be one to four numbers such as 3 or 1.10, but was \"" + text + "\"");
  }
}
