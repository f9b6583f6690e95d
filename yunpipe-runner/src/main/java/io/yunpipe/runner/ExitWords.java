package io.yunpipe.runner;

import java.time.Duration;
import java.util.Map;

/** Says in words how a process ended. */
final class ExitWords {
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "hangup",
          2, "interrupted",
          4, "illegal instruction",
          6, "aborted",
          7, "bus error",
          8, "arithmetic error",
          11, "segmentation fault",
          15, "terminated",
          24, "CPU time limit",
          25, "file size limit");

  private ExitWords() {}

  /**
   * Returns why an exit code is a failure.
   *
   * @param memoryMib the limit it had, or 0
   */
  static String failure(int code, long memoryMib, String logTail) {
    String words;
    int signal = code - 128;
    if (signal == 9) {
      words =
          "killed by signal 9 (exit code 137): possibly out of memory"
              + (memoryMib > 0 ? " (limit " + memoryMib + " MiB)" : "");
    } else if (SIGNALS.containsKey(signal)) {
      words = "killed by signal " + signal + " (exit code " + code + "): " + SIGNALS.get(signal);
    } else if (code == 75) {
      words = "asked for another attempt (exit code 75)";
    } else {
      words = "exited with code " + code;
    }
    String last = LogText.lastLine(logTail);
    return last.isEmpty() ? words : words + ": " + last;
  }

  static String timeout(Duration limit, String more) {
    return "did not finish within " + text(limit) + " (timeout)" + more;
  }

  /** Returns a duration as people write it, such as 1h30m, 10s or 250ms. */
  static String text(Duration duration) {
    if (duration.toMillis() < 1000) {
      return duration.toMillis() + "ms";
    }
    String text = duration.truncatedTo(java.time.temporal.ChronoUnit.MILLIS).toString();
    return text.substring(2).toLowerCase(java.util.Locale.ROOT);
  }
}
