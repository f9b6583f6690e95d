package io.yunpipe.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes durations as settings have them: {@code 30s}, {@code 5 minutes}, {@code PT2H}.
 */
public final class Durations {
  private static final Pattern WITH_UNIT = Pattern.compile("([-+]?[\\d.]+)\\s*([a-zA-Z]+)");

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
      Matcher number = WITH_UNIT.matcher(trimmed);
      long unit = number.matches() ? nanos(number.group(2)) : 0;
      if (unit > 0) {
        BigDecimal nanos = new BigDecimal(number.group(1)).multiply(BigDecimal.valueOf(unit));
        return Duration.ofNanos(nanos.toBigInteger().longValueExact());
      }
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(message(text), e);
    }
    throw new IllegalArgumentException(message(text));
  }

  /** Returns how many nanoseconds a unit has, or 0 if it is none. */
  private static long nanos(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "ns", "nano", "nanos", "nanosecond", "nanoseconds" -> 1L;
      case "us", "micro", "micros", "microsecond", "microseconds" -> 1_000L;
      case "ms", "milli", "millis", "millisecond", "milliseconds" -> 1_000_000L;
      case "s", "second", "seconds" -> 1_000_000_000L;
      case "m", "minute", "minutes" -> 60_000_000_000L;
      case "h", "hour", "hours" -> 3_600_000_000_000L;
      case "d", "day", "days" -> 86_400_000_000_000L;
      default -> 0;
    };
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
