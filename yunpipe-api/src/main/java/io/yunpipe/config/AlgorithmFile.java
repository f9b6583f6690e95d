package io.yunpipe.config;

import com.typesafe.config.Config;
import io.yunpipe.Algorithm;
import io.yunpipe.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a file that describes one algorithm: the earlier yunpipe's JSON, or HOCON with
 * the keys that an algorithm has in a pipeline file.
 */
public final class AlgorithmFile {
  private static final String EARLIER_SUFFIX = "_info.json";

  private AlgorithmFile() {}

  /**
   * Returns the algorithm that a file describes. Its name is what the file says, or else the file's
   * own name.
   *
   * @throws ConfigurationException with all problems, each with file and line
   */
  public static Algorithm read(Path file) {
    return describe(file).algorithm();
  }

  /**
   * As {@link #read}, with what the file says beyond the algorithm.
   *
   * @throws ConfigurationException with all problems, each with file and line
   */
  public static Description describe(Path file) {
    Problems problems = new Problems();
    Config content = Hocon.parse(file, problems);
    Fields in = content == null ? null : new Fields(content.root(), "", problems);
    Algorithm algorithm = in == null ? null : read(file, name(file, in), in, new ArrayList<>());
    problems.throwIfAny(file.toString());
    if (in == null || algorithm == null) {
      throw new ConfigurationException(file.toString(), List.of("it describes no algorithm"));
    }
    return description(algorithm, in);
  }

  /** Returns an algorithm that was read, with what its block says beyond it. */
  static Description description(Algorithm algorithm, Fields in) {
    Fields memory = in.has("memory") ? in.block("memory") : null;
    Long minimal = memory == null ? null : memory.mib("minimal");
    return new Description(
        algorithm,
        in.text("system", ""),
        minimal == null ? algorithm.resources().memoryMib() : minimal,
        About.read(in));
  }

  /**
   * Writes an algorithm as the earlier yunpipe's JSON; makes the folder, replaces a file that is
   * there.
   *
   * @throws IllegalArgumentException if it is a Java function
   * @throws UncheckedIOException if the file cannot be written
   */
  public static void write(Algorithm algorithm, Path file) {
    write(Description.of(algorithm), file);
  }

  /** As {@link #write(Algorithm, Path)}, with what is known beyond the algorithm. */
  public static void write(Description description, Path file) {
    String json = json(description);
    Path folder = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, "." + file.getFileName(), ".draft");
      try {
        Files.writeString(draft, json);
        Files.move(
            draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write algorithm to " + file + ": " + e, e);
    }
  }

  /**
   * Returns the text that {@link #write(Description, Path)} writes.
   *
   * @throws IllegalArgumentException if it is a Java function
   */
  public static String json(Description description) {
    return AlgorithmWriter.json(description);
  }

  /** Reads an algorithm that must have a name; null after adding problems. */
  static @Nullable Algorithm read(
      Path file, String name, Problems problems, List<String> warnings) {
    Config content = Hocon.parse(file, problems);
    return content == null
        ? null
        : read(file, name, new Fields(content.root(), "", problems), warnings);
  }

  private static @Nullable Algorithm read(
      Path file, String name, Fields in, List<String> warnings) {
    Path base = folder(file);
    boolean wrapped = file.toString().endsWith(EARLIER_SUFFIX);
    return AlgorithmReader.read(name, in, base, wrapped, warnings);
  }

  static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  private static String name(Path file, Fields in) {
    String own = in.text("name");
    return own == null ? nameOf(file) : own;
  }

  /** The name of a file of algorithms, without what only marks it as one. */
  static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(EARLIER_SUFFIX)) {
      return name.substring(0, name.length() - EARLIER_SUFFIX.length());
    }
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
