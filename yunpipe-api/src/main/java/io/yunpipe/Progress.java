package io.yunpipe;

/**
 * Ready listeners that show a run's progress on standard error, which is looked up at each use, so
 * that notebooks and tests that replace it see the text. A failing print never fails the run.
 *
 * <p>Each call returns a new listener, for one run.
 */
public final class Progress {
  private Progress() {}

  /**
   * Returns one line that is rewritten: counts per stage, rate and time to go. Where standard error
   * is no terminal (a file, a pipe, a notebook, {@code TERM=dumb}), the same as {@link #lines()}.
   */
  public static RunListener bar() {
    return Terminal.stderrIsOne() ? new ProgressBar(System::nanoTime, Terminal.columns()) : lines();
  }

  /** Returns plain lines without escape codes: when the state changes, else every few seconds. */
  public static RunListener lines() {
    return new ProgressLines(System::nanoTime);
  }

  /** Returns what suits the place: a bar on a terminal, lines elsewhere. */
  public static RunListener auto() {
    return bar();
  }

  /** Returns a listener that shows nothing. */
  public static RunListener none() {
    return RunListener.none();
  }

  /** Writes to standard error as it is now. */
  static void print(String text) {
    try {
      System.err.print(text);
      System.err.flush();
    } catch (RuntimeException e) {
      // Showing progress is a courtesy: a broken stream must not end the run.
    }
  }
}
