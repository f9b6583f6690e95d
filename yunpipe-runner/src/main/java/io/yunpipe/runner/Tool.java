package io.yunpipe.runner;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int MAX_LINE = 1000;

  private Tool() {}

  static Result run(List<String> command, Duration limit) throws IOException, InterruptedException {
    return run(command, limit, line -> {});
  }

  /** Runs it and hears each line of what it says, soon after it was said. */
  static Result run(List<String> command, Duration limit, Consumer<String> lines)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("yunpipe-tool-", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code;
      try (BufferedReader said = Files.newBufferedReader(output, StandardCharsets.ISO_8859_1)) {
        code = wait(process, limit, said, lines) ? process.exitValue() : -1;
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

  private static boolean wait(
      Process process, Duration limit, BufferedReader said, Consumer<String> lines)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    StringBuilder line = new StringBuilder();
    boolean ended = false;
    while (!ended && System.nanoTime() < deadline) {
      long slice = Math.min(LOOK_NANOS, deadline - System.nanoTime());
      ended = process.waitFor(slice, TimeUnit.NANOSECONDS);
      for (int read = said.read(); read >= 0; read = said.read()) {
        if (read == '\n' || read == '\r') {
          lines.accept(line.toString());
          line.setLength(0);
        } else if (line.length() < MAX_LINE) {
          line.append((char) read);
        }
      }
    }
    return ended;
  }
}
