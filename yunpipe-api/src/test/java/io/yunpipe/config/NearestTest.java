package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void distance_countsChangesInsertionsDeletionsAndSwaps() {
    assertThat(Nearest.distance("image", "image")).isZero();
    assertThat(Nearest.distance("imgae", "image")).isEqualTo(1);
    assertThat(Nearest.distance("imag", "image")).isEqualTo(1);
    assertThat(Nearest.distance("image", "")).isEqualTo(5);
    assertThat(Nearest.distance("retries", "retry")).isEqualTo(3);
  }

  @Test
  void distance_ofRandomWords_isAMetricBoundedByLength() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      String one = word(random);
      String other = word(random);
      int distance = Nearest.distance(one, other);
      assertThat(distance).isEqualTo(Nearest.distance(other, one));
      assertThat(distance)
          .isBetween(
              Math.abs(one.length() - other.length()), Math.max(one.length(), other.length()));
      assertThat(distance == 0).isEqualTo(one.equals(other));
    }
  }

  @Test
  void clause_ofAnotherSpelling_namesTheKnownOneAndTheShortList() {
    assertThat(Nearest.clause("zip_Results", List.of("naming", "zip-results")))
        .isEqualTo("; did you mean 'zip-results'? Known: naming, zip-results");
    assertThat(Nearest.clause("colour", List.of("naming", "zip-results")))
        .isEqualTo("; known: naming, zip-results");
  }

  @Test
  void clause_ofManyKnown_doesNotListThem() {
    List<String> many = List.of("a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8", "i9");
    assertThat(Nearest.clause("zzzz", many)).isEmpty();
  }

  private static String word(Random random) {
    return random
        .ints(random.nextInt(6), 'a', 'd')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
