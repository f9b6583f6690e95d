package io.yunpipe.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.BackendException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The container engine of this machine, by its own program, which knows where the engine is ({@code
 * DOCKER_HOST} and the like).
 */
final class EngineProgram {
  private static final List<String> PROGRAMS = List.of("docker", "podman");
  private static final int MAX_ERROR = 64 << 10;
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration WHOLE_IMAGE = Duration.ofHours(6);

  private final String program;
  private final Duration answer;

  /**
   * Creates it.
   *
   * @param answer how long it may take to tell of an image
   */
  EngineProgram(String program, Duration answer) {
    this.program = program;
    this.answer = answer;
  }

  /** Finds it. */
  static EngineProgram find() {
    return look()
        .orElseThrow(
            () ->
                new BackendException(
                    "Could not find a container engine: there is neither docker nor podman on the"
                        + " PATH. Install one, or use a registry, oci:FOLDER or tar:FILE instead",
                    null));
  }

  /** As {@link #find}, empty if there is none. */
  static Optional<EngineProgram> look() {
    List<String> folders =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(folder -> !folder.isEmpty())
            .toList();
    return PROGRAMS.stream()
        .filter(
            program ->
                folders.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))))
        .findFirst()
        .map(program -> new EngineProgram(program, ANSWER));
  }

  boolean isPodman() {
    return program.endsWith("podman");
  }

  /** Gives a program what it reads. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /** Returns what the engine knows of an image; empty if it has none of that name. */
  Optional<JsonNode> inspect(String image) {
    Path output = temporary("inspect");
    try {
      // Asked whenever an image is named, also where nobody minds the engine that hangs.
      Result result = run(List.of("image", "inspect", image), output, null, answer);
      if (result.code() != 0) {
        if (result.said().toLowerCase(Locale.ROOT).contains("no such image")
            || result.said().contains("not known")) {
          return Optional.empty();
        }
        throw failed("look at image " + image, result);
      }
      JsonNode all = Documents.JSON.readTree(Files.readAllBytes(output));
      return Optional.of(all.path(0));
    } catch (IOException e) {
      throw new BackendException(
          "Could not look at image " + image + " with " + program + ": " + Said.of(e), e);
    } finally {
      delete(output);
    }
  }

  /** Writes an image to a file. */
  void save(String image, Path file) {
    Result result = run(List.of("save", image), file, null, WHOLE_IMAGE);
    if (result.code() != 0) {
      throw failed("read image " + image, result);
    }
  }

  /** Loads an image. */
  void load(String image, Writer archive) {
    Path output = temporary("load");
    try {
      Result result = run(List.of("load"), output, archive, WHOLE_IMAGE);
      if (result.code() != 0) {
        throw failed("load image " + image, result);
      }
    } finally {
      delete(output);
    }
  }

  private record Result(int code, String said) {}

  private Result run(List<String> arguments, Path output, @Nullable Writer input, Duration limit) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(arguments);
    Path errors = temporary("said");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      try {
        feed(process, input);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new BackendException(
              "Could not ask the container engine: '"
                  + program
                  + " "
                  + String.join(" ", arguments)
                  + "' did not end within "
                  + limit.toMillis()
                  + " ms. Look whether the engine works",
              null);
        }
        return new Result(process.exitValue(), said(errors));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new BackendException("Could not start " + program + ": " + Said.of(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("Interrupted while " + program + " ran", true, e);
    } finally {
      delete(errors);
    }
  }

  private static void feed(Process process, @Nullable Writer input) throws IOException {
    try (OutputStream out = process.getOutputStream()) {
      if (input != null) {
        input.write(out);
      }
    } catch (IOException e) {
      // A program that ended early says why by its code and its errors.
      if (process.isAlive()) {
        throw e;
      }
    }
  }

  private static String said(Path errors) throws IOException {
    try (InputStream in = Files.newInputStream(errors)) {
      return new String(in.readNBytes(MAX_ERROR), StandardCharsets.UTF_8);
    }
  }

  private BackendException failed(String what, Result result) {
    return new BackendException(
        "Could not "
            + what
            + ": "
            + program
            + " ended with "
            + result.code()
            + " ("
            + Said.shortened(result.said())
            + "). Is the engine running, and may you use it?",
        null);
  }

  private static Path temporary(String name) {
    try {
      return Files.createTempFile("yunpipe-" + name, "");
    } catch (IOException e) {
      throw new BackendException("Could not make a temporary file: " + Said.of(e), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
