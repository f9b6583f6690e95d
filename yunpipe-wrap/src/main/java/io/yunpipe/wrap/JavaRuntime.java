package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.Sha256;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java of the modules that a worker needs, for one kind of processor.
 *
 * @param architecture in the words of images
 * @param jmods the modules; null for those of this program's own Java
 */
record JavaRuntime(String architecture, @Nullable Path jmods) {
  /** What the worker and the services of its backend use. */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.unsupported");

  /**
   * Chooses it.
   *
   * @return empty if there is no Java for that processor
   */
  static Optional<JavaRuntime> of(String architecture, @Nullable Path jmods) {
    if (jmods != null) {
      return Optional.of(new JavaRuntime(architecture, jmods));
    }
    return architecture.equals(Index.architecture())
            && System.getProperty("os.name").equals("Linux")
        ? Optional.of(new JavaRuntime(architecture, null))
        : Optional.empty();
  }

  /** Returns all that decides what {@link #make} makes. */
  String key() throws IOException {
    String own =
        String.join(
            "|",
            Runtime.version().toString(),
            System.getProperty("java.vendor"),
            System.getProperty("java.vm.version"),
            architecture,
            modules());
    return String.join(
        "|",
        own,
        jmods == null ? "own" : Sha256.of(base(jmods)),
        NativeParts.fingerprint(architecture, jmods));
  }

  private Path base(Path folder) {
    Path base = folder.resolve("java.base.jmod");
    if (!Files.isRegularFile(base)) {
      throw new InvalidInputException(
          "Could not make a Java for "
              + architecture
              + ": there is no java.base.jmod in "
              + jmods
              + ". Name the folder jmods of a JDK "
              + Runtime.version().feature()
              + " for Linux on "
              + architecture);
    }
    return base;
  }

  /** A module that a later Java no longer has was merged into another. */
  private static String modules() {
    return MODULES.stream()
        .filter(name -> ModuleFinder.ofSystem().find(name).isPresent())
        .collect(Collectors.joining(","));
  }

  /** Makes it in a folder that does not exist yet. */
  void make(Path folder) throws IOException {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) {
      throw new InvalidInputException(
          "Could not make a small Java: this one ("
              + System.getProperty("java.home")
              + ") has no jlink. Run yunpipe with a JDK, not a JRE");
    }
    // As a program: called twice within one, it makes different files of the same modules.
    List<String> arguments = new ArrayList<>(List.of(jlink.toString()));
    @Nullable Path from = jmods == null ? own() : jmods;
    if (from != null) {
      arguments.addAll(List.of("--module-path", from.toString()));
    }
    arguments.addAll(
        List.of(
            "--add-modules",
            modules(),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            folder.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(arguments)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = end(process);
    if (code != 0) {
      throw new BackendException(
          "Could not make a Java for "
              + architecture
              + ": jlink ended with "
              + code
              + " ("
              + Said.shortened(said)
              + ")"
              + (jmods == null
                  ? ""
                  : ". The modules must be of Java "
                      + Runtime.version().feature()
                      + "."
                      + Runtime.version().interim()
                      + ", as this program's"),
          null);
    }
    checkArchitecture(folder);
    NativeParts.complete(folder, architecture, jmods);
  }

  private static int end(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new BackendException("Interrupted while making a small Java", true, e);
    }
  }

  private static @Nullable Path own() {
    Path own = Path.of(System.getProperty("java.home"), "jmods");
    return Files.isDirectory(own) ? own : null;
  }

  private void checkArchitecture(Path folder) throws IOException {
    String machine = NativeParts.architecture(folder.resolve("bin/java"));
    if (!machine.equals(architecture)) {
      throw new InvalidInputException(
          "Could not make a Java for "
              + architecture
              + ": the modules in "
              + jmods
              + " are for "
              + machine);
    }
  }

  /** Returns all files and folders below a folder, in the order of their names. */
  static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> !path.equals(folder)).sorted().toList();
    }
  }
}
