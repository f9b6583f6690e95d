package io.yunpipe;

import java.util.regex.Pattern;

/** The rule for names of pipelines, algorithms and stages. */
final class Names {
  static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private Names() {}

  static String check(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but was \""
              + name
              + "\"");
    }
    return name;
  }
}
