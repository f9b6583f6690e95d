package io.yunpipe.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectKeysTest {
  @Test
  void check_longestLegalKey_isReturned() {
    String key =
        "é".repeat(127) + "e/" + "x".repeat(255) + "/" + "y".repeat(255) + "/" + "z".repeat(255);

    assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSize(1023);
    assertThat(ObjectKeys.check(key)).isEqualTo(key);
  }

  @Test
  void check_tooLongKey_saysWhatIsWrong() {
    String key = "x".repeat(200) + ("/" + "y".repeat(200)).repeat(5);

    assertThatThrownBy(() -> ObjectKeys.check(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "key must be a relative path such as \"raw/a.png\", but was \""
                + key
                + "\": it has more than 1024 bytes in UTF-8");
  }

  @Test
  void order_anyStrings_isThatOfTheirUtf8Bytes() {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "", "a", "a/b", "a-b", "a.b", "a0", "é", "\uD7FF", "\uE000", "\uFFFD", "😀",
                "😀a"));
    List<String> expected = new ArrayList<>(keys);
    expected.sort(
        (a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));

    keys.sort(ObjectKeys.ORDER);

    assertThat(keys).isEqualTo(expected);
  }
}
