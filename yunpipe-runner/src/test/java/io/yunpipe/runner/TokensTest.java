package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  private static final Map<String, String> VALUES =
      Map.of("input", "/in/a b.png", "output", "/out", "SIGMA", "2;rm $input");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$input | /in/a b.png",
        "--in=$input | --in=/in/a b.png",
        "${input}.bak | /in/a b.png.bak",
        "$output/$SIGMA | /out/2;rm $input",
        "$inputs | $inputs",
        "${inputs} | ${inputs}",
        "$$input | $input",
        "$${SIGMA} | ${SIGMA}",
        "kill -9 $$ | kill -9 $$",
        "{print $1} | {print $1}",
        "$ | $",
        "${input | ${input",
        "${} | ${}",
        "$$$input | $$/in/a b.png",
        "a$ b | a$ b",
      })
  void token_isReplaced(String token, String expected) {
    assertThat(Tokens.replace(token, VALUES::get)).isEqualTo(expected);
  }

  @Test
  void mentions_looksInsideTokens() {
    assertThat(Tokens.mentions(List.of("a", "--x=${output}/y"), "output")).isTrue();
    assertThat(Tokens.mentions(List.of("outputs", "$outputs"), "output")).isFalse();
  }
}
