package io.yunpipe.cli;

import io.yunpipe.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The demo's programs and its pipeline file, laid out for a person to read and change. */
final class DemoFiles {
  private static final List<String> PROGRAMS = List.of("Smooth", "Segment", "Summary");
  private static final String FAST_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto";

  private DemoFiles() {}

  /** Writes programs and pipeline file, replacing those of an earlier call; returns the latter. */
  static Path write(Path folder) throws IOException {
    Path algorithms = Files.createDirectories(folder.resolve("algorithms"));
    List<Path> sources = new ArrayList<>();
    for (String program : PROGRAMS) {
      Path source = algorithms.resolve(program + ".java");
      try (InputStream in = resource("demo/" + program + ".java")) {
        Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
      }
      sources.add(source);
    }
    boolean compiled = compile(sources, algorithms.resolve("cells.jar"));
    Path file = folder.resolve("cells.conf");
    try (InputStream in = resource("demo/cells.conf")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          file,
          compiled
              ? fill(text, "-cp algorithms/cells.jar ", "")
              : fill(text, "algorithms/", ".java"));
    }
    return file;
  }

  /** Deletes the images that an earlier call made, and nothing else. */
  static void deleteImages(Path folder) throws IOException {
    List<Path> made;
    try (Stream<Path> files = Files.walk(folder)) {
      made = files.filter(file -> isMade(file.getFileName().toString())).toList();
    }
    for (Path file : made) {
      Files.delete(file);
    }
  }

  private static boolean isMade(String name) {
    return name.matches("cells-\\d{3}\\.png");
  }

  private static String fill(String text, String before, String after) {
    return text.replace("@JAVA@", java() + " " + FAST_START + " " + before)
        .replace("@SUFFIX@", after);
  }

  /** The java of the path, so that the file works elsewhere too; else this process's own. */
  private static String java() {
    String path = System.getenv("PATH");
    boolean onPath =
        path != null
            && Stream.of(path.split(java.io.File.pathSeparator, -1))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "java")));
    return onPath ? "java" : Shell.quote(System.getProperty("java.home") + "/bin/java");
  }

  /** Compiles once what would otherwise be compiled for each image; false without a compiler. */
  private static boolean compile(List<Path> sources, Path jar) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      return false;
    }
    Path classes = Files.createTempDirectory("yunpipe-demo-");
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      StringWriter messages = new StringWriter();
      List<String> options = List.of("-d", classes.toString(), "--release", "17", "-proc:none");
      if (!compiler
          .getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call()) {
        throw new InvalidInputException("Could not compile the demo's programs: " + messages);
      }
      pack(classes, jar);
      return true;
    } finally {
      delete(classes);
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.list(classes)) {
      for (Path file : files.sorted().toList()) {
        JarEntry entry = new JarEntry(file.getFileName().toString());
        // The same programs make the same jar.
        entry.setTime(0);
        out.putNextEntry(entry);
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = DemoFiles.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException("The resource " + name + " is missing in yunpipe's jar");
    }
    return in;
  }
}
