package io.yunpipe.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/**
 * Splits a whole script into pieces that can be evaluated one after the other. The {@code jshell}
 * tool reads line by line, so that a chain of calls whose next line begins with a dot ends too
 * early; here a piece is as long as the compiler's parser makes it.
 */
final class ScriptParser {
  /** A line that is for the {@code jshell} tool; Java has no line that begins so. */
  private static final Pattern TOOL_LINE = Pattern.compile("(?m)^/([a-z]+)\\b[ \\t]*(.*)$");

  private static final Pattern BLANK =
      Pattern.compile("(?:\\s+|//[^\\n]*(?:\\n|$)|/\\*(?s:.*?)\\*/|;)*");

  /** How a line begins that goes on with the one before. */
  private static final Pattern CONTINUED =
      Pattern.compile(
          "(?:\\s|//[^\\n]*\\n|/\\*(?s:.*?)\\*/)*+(?:\\.|\\?|:|&&|\\|\\||[-+*/%=] |(?:else|catch|finally)\\b)");

  /** A part of the script. */
  sealed interface Piece {
    /** Returns where in the script it begins. */
    int offset();
  }

  /**
   * Java to evaluate.
   *
   * @param source its text, which may have a semicolon more than the script
   * @param length of its text in the script
   * @param broken whether it cannot be parsed; evaluating it says why and runs nothing
   */
  record Code(int offset, String source, int length, boolean broken) implements Piece {}

  /** A line such as {@code /exit 3}. */
  record ToolLine(int offset, String command, String argument) implements Piece {}

  private final JavaSyntax syntax = new JavaSyntax();
  private final SourceCodeAnalysis analysis;
  private final String text;
  private final List<Piece> pieces = new ArrayList<>();

  ScriptParser(SourceCodeAnalysis analysis, String text) {
    this.analysis = analysis;
    this.text = text;
  }

  /** Returns the pieces in order. */
  List<Piece> parse() {
    Matcher line = TOOL_LINE.matcher(text);
    int from = 0;
    while (line.find()) {
      parse(from, line.start());
      pieces.add(new ToolLine(line.start(), line.group(1), line.group(2).strip()));
      from = line.end();
    }
    parse(from, text.length());
    return pieces;
  }

  private void parse(int from, int to) {
    int at = from;
    while (true) {
      Matcher blank = BLANK.matcher(text).region(at, to);
      at = blank.lookingAt() ? blank.end() : at;
      if (at >= to) {
        return;
      }
      Code piece = next(at, text.substring(at, to));
      pieces.add(piece);
      at += piece.length();
    }
  }

  private Code next(int at, String rest) {
    CompletionInfo info = analysis.analyzeCompletion(rest);
    return switch (info.completeness()) {
      case COMPLETE, COMPLETE_WITH_SEMI -> complete(at, rest, info);
      case UNKNOWN, DEFINITELY_INCOMPLETE -> lines(at, rest).orElseGet(() -> broken(at, rest));
      case CONSIDERED_INCOMPLETE, EMPTY -> new Code(at, rest, rest.length(), false);
    };
  }

  private Code complete(int at, String rest, CompletionInfo info) {
    String source = info.source();
    Code whole = new Code(at, source, rest.length() - info.remaining().length(), false);
    // Without a semicolon a statement may be called complete together with what follows it.
    return source.strip().contains("\n") && !syntax.isValid(source)
        ? lines(at, rest).orElse(whole)
        : whole;
  }

  /** As in the tool, a line may end a statement without a semicolon. Empty: no lines are one. */
  private Optional<Code> lines(int at, String rest) {
    for (int end = lineEnd(rest, 0); end <= rest.length(); end = lineEnd(rest, end)) {
      if (!CONTINUED.matcher(rest).region(end, rest.length()).lookingAt()) {
        CompletionInfo info = analysis.analyzeCompletion(rest.substring(0, end));
        switch (info.completeness()) {
          case COMPLETE, COMPLETE_WITH_SEMI -> {
            return Optional.of(new Code(at, info.source(), end, false));
          }
          case CONSIDERED_INCOMPLETE -> {
            return Optional.of(new Code(at, rest.substring(0, end), end, false));
          }
          case UNKNOWN -> {
            return Optional.empty();
          }
          case DEFINITELY_INCOMPLETE, EMPTY -> {
            // The next line may complete it.
          }
        }
      }
      if (end == rest.length()) {
        break;
      }
    }
    return Optional.empty();
  }

  /** The first lines that cannot be parsed however they go on. */
  private Code broken(int at, String rest) {
    int end = lineEnd(rest, 0);
    while (end < rest.length()
        && analysis.analyzeCompletion(rest.substring(0, end)).completeness()
            != Completeness.UNKNOWN) {
      end = lineEnd(rest, end);
    }
    return new Code(at, rest.substring(0, end), end, true);
  }

  private static int lineEnd(String text, int from) {
    int newline = text.indexOf('\n', from);
    return newline < 0 ? text.length() : newline + 1;
  }
}
