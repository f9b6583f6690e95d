package io.yunpipe.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a command cost, its child processes included.
 *
 * @param cpuSeconds user and system time
 * @param wallSeconds time on the wall
 * @param exit its exit code
 */
record Measured(double cpuSeconds, double wallSeconds, int exit) {
  /** Clock ticks per second in {@code /proc}; 100 on every Linux that Java runs on. */
  private static final double TICKS = 100;

  /** Runs a command to its end; its output goes to a file. */
  static Measured run(List<String> command, Path folder, Path log)
      throws IOException, InterruptedException {
    double before = childrenCpu();
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(new File("/dev/null"))
            .start();
    int exit = process.waitFor();
    return new Measured(childrenCpu() - before, (System.nanoTime() - start) / 1e9, exit);
  }

  /** CPU time of all children that have ended and been waited for, and of theirs. */
  private static double childrenCpu() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(13)) + Long.parseLong(fields.get(14))) / TICKS;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Returns a command that runs a class of this program in a JVM of its own. */
  static List<String> java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
