package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/**
 * A glob as {@link java.nio.file.FileSystem#getPathMatcher} knows it, split into the folder to walk
 * and the rest to match. So {@code **} crosses folders, <code>{a,b}</code> is a choice, and {@code
 * x/**}{@code /*.png} wants at least one folder below x, while {@code x/**.png} does not.
 */
final class GlobPattern {
  private static final String WILD = "*?[]{}\\";

  private final Path base;
  private final String rest;
  private final PathMatcher matcher;

  private GlobPattern(Path base, String rest, PathMatcher matcher) {
    this.base = base;
    this.rest = rest;
    this.matcher = matcher;
  }

  static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /**
   * Splits a glob.
   *
   * @throws InvalidInputException if it is not one
   */
  static GlobPattern of(String pattern) {
    int start = 0;
    int slash = pattern.indexOf('/');
    while (slash >= 0 && !isWild(pattern.substring(start, slash))) {
      start = slash + 1;
      slash = pattern.indexOf('/', start);
    }
    try {
      // "/x*" has its base at "/".
      String folder = start > 1 ? pattern.substring(0, start - 1) : pattern.substring(0, start);
      Path base = Path.of(folder);
      String rest = pattern.substring(start).replaceAll("/{2,}", "/");
      return new GlobPattern(base, rest, base.getFileSystem().getPathMatcher("glob:" + rest));
    } catch (PatternSyntaxException | InvalidPathException e) {
      throw new InvalidInputException(
          "Could not use "
              + Quoted.of(pattern)
              + " as a glob: "
              + e.getMessage()
              + ". Use *, **, ?, [a-z] and {a,b}, and put a \\ before each of these that is meant literally.",
          e);
    }
  }

  private static boolean isWild(String part) {
    return part.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
  }

  /** Returns the part without wildcards; empty for the current folder. */
  Path base() {
    return base;
  }

  String rest() {
    return rest;
  }

  boolean matches(String name) {
    return matcher.matches(base.getFileSystem().getPath(name));
  }

  /** Returns whether the pattern itself speaks of names that start with a dot. */
  boolean namesHidden() {
    return rest.startsWith(".")
        || rest.contains("/.")
        || rest.contains("{.")
        || rest.contains(",.");
  }

  /** Returns how many folders deep a match can lie. */
  int depth() {
    boolean inChoice = false;
    int depth = 1;
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      inChoice = c == '{' || (inChoice && c != '}');
      if (c == '/') {
        if (inChoice) {
          return Integer.MAX_VALUE;
        }
        depth++;
      }
    }
    return rest.contains("**") ? Integer.MAX_VALUE : depth;
  }
}
