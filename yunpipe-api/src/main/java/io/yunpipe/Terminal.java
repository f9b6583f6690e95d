package io.yunpipe;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Knows whether a person sees standard error. */
final class Terminal {
  private static final int DEFAULT_COLUMNS = 80;

  private Terminal() {}

  /**
   * Returns whether standard error can rewrite a line. Where the system shows what the descriptors
   * are, these decide, so that {@code > file} keeps the bar and {@code 2> file} loses it. Standard
   * input must be a terminal too: a notebook kernel replaces {@code System.err} but may have been
   * started from a terminal.
   */
  static boolean stderrIsOne() {
    String term = System.getenv("TERM");
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    if (term == null ? !windows : term.equals("dumb")) {
      return false;
    }
    Boolean input = isTerminal(Path.of("/proc/self/fd/0"));
    Boolean error = isTerminal(Path.of("/proc/self/fd/2"));
    return (input != null && error != null) ? (input && error) : consoleIsOne();
  }

  static int columns() {
    String columns = System.getenv("COLUMNS");
    try {
      return columns == null ? DEFAULT_COLUMNS : Math.max(20, Integer.parseInt(columns));
    } catch (NumberFormatException e) {
      return DEFAULT_COLUMNS;
    }
  }

  private static @Nullable Boolean isTerminal(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /**
   * Up to JDK 21 there is no console when redirected; from 22 on there always is, and it can tell.
   */
  @SuppressWarnings("SystemConsoleNull") // null is one of the answers, not the only one
  private static boolean consoleIsOne() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
