package io.yunpipe.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The version of an algorithm: one to four whole numbers with dots between, such as {@code 3} or
 * {@code 1.10}. Numbers are compared as numbers, so {@code 1.9} is before {@code 1.10}; {@code 1}
 * is before {@code 1.0}.
 *
 * @param text the version as it is written
 */
public record Version(String text) implements Comparable<Version> {
  private static final Pattern FORM =
      Pattern.compile("(0|[1-9][0-9]{0,8})(\\.(0|[1-9][0-9]{0,8})){0,3}");

  /** The version of an algorithm that has none before it. */
  public static final Version FIRST = new Version("1");

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if it is no version
   */
  public Version {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "version must be one to four numbers such as 3 or 1.10, but was \"" + text + "\"");
    }
  }

  /** Returns the version that comes after this one: its last number is one more. */
  public Version next() {
    int dot = text.lastIndexOf('.') + 1;
    return new Version(text.substring(0, dot) + (Long.parseLong(text.substring(dot)) + 1));
  }

  @Override
  public int compareTo(Version other) {
    List<Integer> own = numbers();
    List<Integer> others = other.numbers();
    for (int i = 0; i < Math.min(own.size(), others.size()); i++) {
      int order = Integer.compare(own.get(i), others.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(own.size(), others.size());
  }

  private List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      numbers.add(Integer.valueOf(part));
    }
    return numbers;
  }

  @Override
  public String toString() {
    return text;
  }
}
