package io.yunpipe.aws;

import io.yunpipe.config.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads texts as values and collects what is wrong with them, so that all is told at once. */
final class SettingReader {
  private final String path;
  private final Map<String, String> settings;
  private final List<String> problems = new ArrayList<>();

  SettingReader(String path, Map<String, String> settings) {
    this.path = path;
    this.settings = settings;
  }

  /** Returns one sentence for each value that cannot be used. */
  List<String> problems() {
    return problems;
  }

  String text(String name, String usual) {
    return settings.getOrDefault(name, usual).strip();
  }

  /** Reads a text of a form. */
  String text(String name, String usual, String form, String expected) {
    String value = text(name, usual);
    if (!value.matches(form)) {
      problem(name, value, expected);
    }
    return value;
  }

  /** Reads texts with commas between. */
  List<String> list(String name, String form, String expected) {
    List<String> all =
        Arrays.stream(text(name, "").split(","))
            .map(String::strip)
            .filter(t -> !t.isEmpty())
            .toList();
    all.stream().filter(one -> !one.matches(form)).forEach(one -> problem(name, one, expected));
    return all;
  }

  /** Reads {@code name=value} pairs with commas between. */
  Map<String, String> pairs(String name) {
    Map<String, String> all = new TreeMap<>();
    for (String pair : list(name, "[^=]+=[^=]*", "pairs such as project=cells,grant=42")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        all.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
    return all;
  }

  boolean flag(String name, boolean usual) {
    return flagOf(name, text(name, Boolean.toString(usual)));
  }

  /** Reads {@code true}, {@code false} or, for what depends on something else, {@code auto}. */
  Optional<Boolean> autoFlag(String name) {
    String value = text(name, "auto");
    return value.equals("auto") ? Optional.empty() : Optional.of(flagOf(name, value));
  }

  private boolean flagOf(String name, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      problem(name, value, "true or false");
    }
    return Boolean.parseBoolean(value);
  }

  <E extends Enum<E>> E choice(String name, E usual) {
    String value = text(name, word(usual));
    List<E> all = Arrays.asList(usual.getDeclaringClass().getEnumConstants());
    return all.stream()
        .filter(one -> word(one).equals(value))
        .findFirst()
        .orElseGet(
            () -> {
              problem(name, value, String.join(" or ", all.stream().map(this::word).toList()));
              return usual;
            });
  }

  private String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  long whole(String name, long usual, long least, long most) {
    String value = text(name, Long.toString(usual));
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    problem(name, value, "a whole number " + range(least, most));
    return usual;
  }

  double number(String name, double usual, double least, double most) {
    String value = text(name, Double.toString(usual));
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    problem(name, value, "a number from " + least + " to " + most);
    return usual;
  }

  private static String range(long least, long most) {
    return most == Long.MAX_VALUE ? "from " + least : "from " + least + " to " + most;
  }

  Duration duration(String name, Duration usual, long leastSeconds, long mostSeconds) {
    String value = text(name, usual.toSeconds() + "s");
    try {
      Duration duration = Durations.parse(value);
      if (duration.toSeconds() >= leastSeconds && duration.toSeconds() <= mostSeconds) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // Told below, like a time out of range.
    }
    problem(name, value, "a duration from " + leastSeconds + "s to " + mostSeconds + "s");
    return usual;
  }

  private void problem(String name, String value, String expected) {
    problems.add(
        path
            + name
            + (value.isEmpty() ? " is not set; it must be " : ": expected ")
            + expected
            + (value.isEmpty() ? "" : ", but found \"" + value + "\""));
  }
}
