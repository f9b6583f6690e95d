package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  private static final String BASIC = "Basic realm=\"the registry\"";
  private static final String BEARER =
      "Bearer realm=\"https://auth.example.org/token\",service=\"r, s\",scope=\"a:b:pull,push\"";
  private static final Challenge TOKEN =
      new Challenge(
          "bearer",
          Map.of(
              "realm",
              "https://auth.example.org/token",
              "service",
              "r, s",
              "scope",
              "a:b:pull,push"));

  @Test
  void severalOffers_inSeveralHeadersOrInOne_areRead() {
    assertThat(Challenge.best(List.of(BASIC, BEARER))).contains(TOKEN);
    assertThat(Challenge.best(List.of(BEARER, BASIC))).contains(TOKEN);
    assertThat(Challenge.best(List.of(BASIC + ", " + BEARER))).contains(TOKEN);
    assertThat(Challenge.best(List.of(BEARER + "," + BASIC))).contains(TOKEN);
    assertThat(Challenge.all(List.of("Negotiate, " + BASIC)))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "the registry")));
  }

  @Test
  void offer_withoutAPlaceForTokens_isPassedOver() {
    assertThat(Challenge.best(List.of("Bearer service=x", "BASIC realm=\"x\"")))
        .contains(new Challenge("basic", Map.of("realm", "x")));
    assertThat(Challenge.best(List.of("Negotiate"))).isEmpty();
    assertThat(Challenge.best(List.of())).isEmpty();
    assertThat(Challenge.best(List.of("", "\"", "=", "=\"x", "a=b", "Bearer realm=\""))).isEmpty();
  }

  @Test
  void header_beyondReason_isReadInPartAndSoon() {
    assertThat(Challenge.best(List.of(BASIC + ",x=\"y\"".repeat(100_000)))).isPresent();
    assertThat(Challenge.all(List.of(" ,".repeat(100_000) + BASIC))).isEmpty();
  }
}
