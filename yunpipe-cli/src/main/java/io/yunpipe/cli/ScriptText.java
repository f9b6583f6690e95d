package io.yunpipe.cli;

import java.nio.file.Path;

/** A script's text, with its file and lines for messages. */
final class ScriptText {
  private final Path file;
  private final String text;

  ScriptText(Path file, String text) {
    this.file = file;
    // A shebang is for the system, not for Java; its line stays, so that lines count right.
    this.text = text.startsWith("#!") ? "//" + text.substring(2) : text;
  }

  String text() {
    return text;
  }

  /** Returns {@code study.jsh:12} for an offset in the text. */
  String at(int offset) {
    return at(file, line(offset));
  }

  /** Returns {@code study.jsh:12} for a line of the piece that begins at an offset. */
  String at(int offset, int lineInPiece) {
    return at(file, line(offset) + lineInPiece - 1);
  }

  /** Returns a line as it is written. */
  String lineAt(int offset) {
    int bounded = Math.min(offset, text.length());
    int start = text.lastIndexOf('\n', bounded - 1) + 1;
    int end = text.indexOf('\n', start);
    return text.substring(start, end < 0 ? text.length() : end).stripTrailing();
  }

  /** Returns the distance of an offset from the beginning of its line. */
  int column(int offset) {
    int bounded = Math.min(offset, text.length());
    return bounded - (text.lastIndexOf('\n', bounded - 1) + 1);
  }

  private static String at(Path file, int line) {
    return file + ":" + line;
  }

  private int line(int offset) {
    int end = Math.min(offset, text.length());
    return 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
  }
}
