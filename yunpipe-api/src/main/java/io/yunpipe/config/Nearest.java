package io.yunpipe.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelt word may have meant. */
final class Nearest {
  private static final int SHORT_LIST = 8;

  private Nearest() {}

  /** Returns the known word that a few changes away from this one, if there is any. */
  static Optional<String> of(String word, Collection<String> known) {
    int limit = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(candidate -> distance(plain(word), plain(candidate)) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(plain(word), plain(candidate))));
  }

  /**
   * Returns a clause for the end of a message: the nearest word, and all of them if they are few.
   */
  static String clause(String word, Collection<String> known) {
    String nearest = of(word, known).map(found -> "; did you mean '" + found + "'?").orElse("");
    if (known.isEmpty() || known.size() > SHORT_LIST) {
      return nearest;
    }
    return nearest + (nearest.isEmpty() ? "; known: " : " Known: ") + String.join(", ", known);
  }

  /**
   * Changes, insertions, deletions and swaps of neighbours that lead from one word to the other.
   */
  static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
        best = Math.min(best, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[from.length()][to.length()];
  }

  /** The forms in which one word is written by different people: zipResults, zip_results. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
