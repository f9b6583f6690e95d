package io.yunpipe.runner;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a short command of our own, such as {@code docker version}. */
final class Tool {
  /**
   * What came back.
   *
   * @param code exit code, -1 if it did not end in time
   * @param output standard output and error
   */
  record Result(int code, String output) {
    boolean ok() {
      return code == 0;
    }

    /** Returns the last line that says something. */
    String lastLine() {
      return LogText.lastLine(output);
    }
  }

  private Tool() {}

  static Result run(List<String> command, Duration limit) throws IOException, InterruptedException {
    Path output = Files.createTempFile("yunpipe-tool-", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code;
      try {
        code = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS) ? process.exitValue() : -1;
      } finally {
        process.destroyForcibly();
      }
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      return new Result(
          code, code == -1 ? text + "no answer within " + ExitWords.text(limit) : text);
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
