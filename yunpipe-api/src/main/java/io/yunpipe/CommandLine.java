package io.yunpipe;

import java.util.ArrayList;
import java.util.List;

/** Splits a command into tokens as a POSIX shell does, without being one: nothing is expanded. */
final class CommandLine {
  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private final StringBuilder token = new StringBuilder();
  private boolean started;

  private CommandLine(String text) {
    this.text = text;
  }

  /**
   * Splits at blanks outside quotes; understands single quotes, double quotes and backslashes.
   *
   * @throws IllegalArgumentException if a quote is left open or the text ends in a backslash
   */
  static List<String> tokenize(String text) {
    CommandLine line = new CommandLine(text);
    line.split();
    return List.copyOf(line.tokens);
  }

  private void split() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> end();
        case '\'' -> i = singleQuoted(i);
        case '"' -> i = doubleQuoted(i);
        case '\\' -> i = escaped(i);
        default -> add(c);
      }
    }
    end();
  }

  private int singleQuoted(int open) {
    int close = text.indexOf('\'', open + 1);
    if (close < 0) {
      throw problem("a single quote is not closed", open);
    }
    started = true;
    token.append(text, open + 1, close);
    return close;
  }

  private int doubleQuoted(int open) {
    started = true;
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\' && i + 1 < text.length() && "\\\"$`\n".indexOf(text.charAt(i + 1)) >= 0) {
        i++;
        if (text.charAt(i) != '\n') {
          token.append(text.charAt(i));
        }
      } else {
        token.append(c);
      }
    }
    throw problem("a double quote is not closed", open);
  }

  private int escaped(int at) {
    if (at + 1 == text.length()) {
      throw problem("it ends in a backslash", at);
    }
    if (text.charAt(at + 1) != '\n') {
      add(text.charAt(at + 1));
    }
    return at + 1;
  }

  private void add(char c) {
    started = true;
    token.append(c);
  }

  private void end() {
    if (started) {
      tokens.add(token.toString());
      token.setLength(0);
      started = false;
    }
  }

  private IllegalArgumentException problem(String what, int at) {
    return new IllegalArgumentException(
        "command cannot be split: " + what + " at character " + (at + 1) + ": " + text);
  }
}
