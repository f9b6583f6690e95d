package io.yunpipe.e2e.worker;

import io.yunpipe.runner.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A worker's process, with nothing in its environment but what is given. */
record WorkerProgram(Process process, Path output) implements AutoCloseable {
  static WorkerProgram start(Path output, Map<String, String> environment) throws IOException {
    return start(output, environment, List.of(), List.of());
  }

  static WorkerProgram start(
      Path output, Map<String, String> environment, List<String> java, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(java);
    command.addAll(List.of("-cp", classPath(), WorkerMain.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("PATH", System.getenv("PATH"));
    builder.environment().clear();
    builder.environment().putAll(all);
    return new WorkerProgram(builder.start(), output);
  }

  /** Returns this program's class path without its log, which an image need not have. */
  static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("slf4j-jdk14"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Waits for its end; returns its exit code, or -1 if it did not end in time. */
  int await(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  /** Asks it to end, as an engine that stops a container does. */
  void terminate() {
    process.destroy();
  }

  String text() throws IOException {
    return Files.exists(output) ? Files.readString(output) : "";
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
