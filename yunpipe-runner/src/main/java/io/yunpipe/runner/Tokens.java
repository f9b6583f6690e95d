package io.yunpipe.runner;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code $name} and <code>${name}</code> inside command tokens by literal text; nothing is
 * split, quoted or replaced twice. A name that is not known stays as it is, so that {@code sh -c
 * 'echo $HOME $$'} and {@code awk '{print $1}'} work; {@code $$name} of a known name gives {@code
 * $name}.
 */
final class Tokens {
  /** Gives the text of a name, or null if it is not known. */
  interface Values {
    @Nullable String of(String name);
  }

  private Tokens() {}

  static List<String> replace(List<String> tokens, Values values) {
    List<String> replaced = new ArrayList<>(tokens.size());
    for (String token : tokens) {
      replaced.add(replace(token, values));
    }
    return replaced;
  }

  static String replace(String token, Values values) {
    int dollar = token.indexOf('$');
    if (dollar < 0) {
      return token;
    }
    StringBuilder text = new StringBuilder(token.length() + 64);
    int at = 0;
    while (dollar >= 0) {
      text.append(token, at, dollar);
      boolean escaped = dollar + 1 < token.length() && token.charAt(dollar + 1) == '$';
      int start = escaped ? dollar + 1 : dollar;
      int end = endOfReference(token, start);
      String value = end < 0 ? null : values.of(name(token, start, end));
      if (value == null) {
        // The second $ of "$$" must not start a reference of its own.
        at = start + 1;
        text.append(token, dollar, at);
      } else {
        text.append(escaped ? token.substring(start, end) : value);
        at = end;
      }
      dollar = token.indexOf('$', at);
    }
    return text.append(token, at, token.length()).toString();
  }

  /** Returns whether a token refers to the name. */
  static boolean mentions(List<String> tokens, String name) {
    boolean[] found = new boolean[1];
    for (String token : tokens) {
      replace(
          token,
          other -> {
            found[0] |= name.equals(other);
            return null;
          });
    }
    return found[0];
  }

  private static String name(String token, int dollar, int end) {
    return token.charAt(dollar + 1) == '{'
        ? token.substring(dollar + 2, end - 1)
        : token.substring(dollar + 1, end);
  }

  /** Returns the end of the reference that starts at a $, or -1 if none does. */
  private static int endOfReference(String token, int dollar) {
    int at = dollar + 1;
    boolean braced = at < token.length() && token.charAt(at) == '{';
    int start = braced ? at + 1 : at;
    int end = start;
    while (end < token.length() && isNameCharacter(token.charAt(end), end == start)) {
      end++;
    }
    if (end == start) {
      return -1;
    }
    if (!braced) {
      return end;
    }
    return end < token.length() && token.charAt(end) == '}' ? end + 1 : -1;
  }

  private static boolean isNameCharacter(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }
}
