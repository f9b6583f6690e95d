package io.yunpipe.runner;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads the ends of logs. */
final class LogText {
  private static final int MAX_LINE = 300;
  private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-9;?]*[A-Za-z]");
  private static final Pattern STACK_FRAME = Pattern.compile("\\s+at .*|\\s*\\.\\.\\. \\d+ more");

  private LogText() {}

  /** Returns bytes as text, without the part of a line that was cut off at the beginning. */
  static String wholeLines(byte[] end, boolean cut) {
    int start = 0;
    if (cut) {
      int line = 0;
      while (line < end.length && end[line] != '\n') {
        line++;
      }
      start = line + 1 < end.length ? line + 1 : start;
      while (start < end.length && (end[start] & 0xC0) == 0x80) {
        start++; // not the first byte of a character
      }
    }
    return new String(end, start, end.length - start, StandardCharsets.UTF_8);
  }

  /**
   * Returns the last line that says something: stack frames only say where. Empty if there is none.
   */
  static String lastLine(String tail) {
    String[] lines = tail.split("[\r\n]+", -1);
    for (int i = lines.length - 1; i >= 0; i--) {
      String line = ESCAPES.matcher(lines[i]).replaceAll("");
      if (!line.isBlank() && !STACK_FRAME.matcher(line).matches()) {
        return shorten(line.strip());
      }
    }
    return "";
  }

  /** Returns one line of at most 300 characters. */
  static String shorten(String text) {
    String line =
        text.strip().replaceAll("\\s*[\r\n]+\\s*", " ").replaceAll("[\\p{Cc}\\p{Cf}]", " ");
    return line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE - 1) + "…";
  }
}
