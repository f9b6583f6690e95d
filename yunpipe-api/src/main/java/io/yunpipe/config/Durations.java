package io.yunpipe.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Reads and writes durations as settings have them: {@code 30s}, {@code 5 minutes}, {@code PT2H}.
 */
public final class Durations {
  private static final Pattern WITH_UNIT = Pattern.compile("[-+]?[\\d.]+\\s*[a-zA-Z]+");

  private Durations() {}

  /**
   * Returns the duration that a text means.
   *
   * @param text a number and its unit (ms, s, m, h, d, or the word), or ISO 8601
   * @throws IllegalArgumentException if it is neither; a number alone is not a duration
   */
  public static Duration parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.startsWith("P")) {
        return Duration.parse(trimmed);
      }
      if (WITH_UNIT.matcher(trimmed).matches()) {
        return ConfigValueFactory.fromAnyRef(trimmed).atKey("value").getDuration("value");
      }
    } catch (DateTimeException | ConfigException | ArithmeticException e) {
      throw new IllegalArgumentException(message(text), e);
    }
    throw new IllegalArgumentException(message(text));
  }

  /** Returns the shortest text that {@link #parse} reads back, such as {@code 90s}. */
  static String write(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  private static String message(String text) {
    return "expected a duration such as 30s, 5m or 2h, but found \"" + text + "\"";
  }
}
