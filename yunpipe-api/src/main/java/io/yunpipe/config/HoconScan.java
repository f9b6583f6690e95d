package io.yunpipe.config;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads a file's characters before the parser does, for what the parser lets pass or tells badly: a
 * comment sign in the middle of a word cuts the word off in silence, what is left open is reported
 * where something else fails, and deep nesting ends in a stack overflow.
 */
final class HoconScan {
  private static final int DEEPEST = 100;

  private record Opened(char sign, int line) {}

  private final String file;
  private final String text;
  private final Problems problems;
  private int at;
  private int line = 1;
  private final Deque<Opened> opened = new ArrayDeque<>();

  private HoconScan(String file, String text, Problems problems) {
    this.file = file;
    this.text = text;
    this.problems = problems;
  }

  static void check(String file, String text, Problems problems) {
    new HoconScan(file, text, problems).run();
  }

  private void run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (text.startsWith("\"\"\"", at)) {
        skipBlock();
      } else if (c == '"') {
        skipQuoted();
      } else if (c == '#' || text.startsWith("//", at)) {
        comment(c == '#' ? "#" : "//");
      } else {
        nest(c);
        at++;
      }
    }
    if (!opened.isEmpty() && opened.size() <= DEEPEST) {
      Opened last = opened.pop();
      problems.add(new Where(file, last.line), "this " + last.sign + " is never closed");
    }
  }

  private void nest(char c) {
    if (c == '{' || c == '[') {
      opened.push(new Opened(c, line));
      if (opened.size() > DEEPEST) {
        problems.add(new Where(file, line), "nested deeper than " + DEEPEST + " levels");
        at = text.length();
      }
    } else if (c == '}' || c == ']') {
      opened.poll();
    }
  }

  private void skipBlock() {
    int end = text.indexOf("\"\"\"", at + 3);
    if (end < 0) {
      problems.add(new Where(file, line), "this \"\"\" is never closed");
    }
    int stop = end < 0 ? text.length() : end + 3;
    line += (int) text.substring(at, stop).chars().filter(c -> c == '\n').count();
    at = stop;
  }

  private void skipQuoted() {
    at++;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
    } else {
      problems.add(new Where(file, line), "a quote is opened and not closed on this line");
    }
  }

  private void comment(String sign) {
    char before = at == 0 ? '\n' : text.charAt(at - 1);
    boolean insideWord = !Character.isWhitespace(before) && "{}[],\"".indexOf(before) < 0;
    if (insideWord || "=:".indexOf(lastOfLine()) >= 0) {
      problems.add(
          new Where(file, line),
          sign
              + " begins a comment here; quote the value if it belongs to it, or put a blank before");
    }
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  /** The last character of this line, before the comment, that is not a blank. */
  private char lastOfLine() {
    for (int i = at - 1; i >= 0 && text.charAt(i) != '\n'; i--) {
      if (!Character.isWhitespace(text.charAt(i))) {
        return text.charAt(i);
      }
    }
    return '\n';
  }
}
