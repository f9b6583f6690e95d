package io.yunpipe.e2e.script;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that has ended: its exit code and what it wrote.
 *
 * <p>It had this Java first on its path, the shaded jar as {@link #JAR}, and a store of its own.
 */
record Child(int code, String out, String err) {
  static final Path ROOT =
      Path.of(System.getProperty("yunpipe.root", "../..")).toAbsolutePath().normalize();
  static final Path SAMPLES = ROOT.resolve("samples");
  static final String JAR =
      Path.of(System.getProperty("yunpipe.all.jar", "")).toAbsolutePath().normalize().toString();
  static final String PARALLEL = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4";
  private static final String BIN = System.getProperty("java.home") + "/bin/";

  /** Runs {@code java} with the jar alone on its class path. */
  static Child java(Path folder, Object... args) throws IOException, InterruptedException {
    return run(folder, BIN + "java", List.of("-XX:TieredStopAtLevel=1", "-cp", JAR), args);
  }

  /** Runs the {@code jshell} tool with the jar alone on its class path. */
  static Child jshell(Path folder, Object... args) throws IOException, InterruptedException {
    return run(folder, BIN + "jshell", List.of("-R" + PARALLEL, "--class-path", JAR), args);
  }

  /** Runs {@code yunpipe script}. */
  static Child script(Path folder, Object... args) throws IOException, InterruptedException {
    return run(folder, BIN + "java", List.of(PARALLEL, "-jar", JAR, "script"), args);
  }

  static Child run(Path folder, String program, List<String> options, Object... args)
      throws IOException, InterruptedException {
    return run(folder, Map.of(), program, options, args);
  }

  static Child run(
      Path folder,
      Map<String, String> environment,
      String program,
      List<String> options,
      Object... args)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "stdout", ".txt");
    Path err = Files.createTempFile(folder, "stderr", ".txt");
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(options);
    for (Object arg : args) {
      command.add(arg.toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", BIN, (path, bin) -> bin + File.pathSeparator + path);
    builder.environment().put("YUNPIPE_LOCAL_DIRECTORY", folder.resolve("store").toString());
    builder.environment().put("YUNPIPE_LOCAL_FSYNC", "false");
    Process process = builder.start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          command + " did not end; it wrote " + Files.readString(out) + Files.readString(err));
    }
    return new Child(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** What it wrote, for a failing assertion. */
  String all() {
    return "exit code " + code + "\n" + out + "\n" + err;
  }
}
