package io.yunpipe.runner;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the program of a command and says why one cannot be started. Thread-safe. */
final class Programs {
  /** "error=2, No such file" up to JDK 24, "Exec failed, error: 2 (No such file)" since. */
  private static final Pattern ERROR = Pattern.compile("error(?:=|: )(\\d+)");

  private final Map<String, Path> found = new ConcurrentHashMap<>();

  /**
   * Returns the program's file: as the system would, on the path if the name has no slash.
   *
   * @param path folders, separated as in the environment variable
   * @param work the folder that relative names start from
   */
  Path find(String program, String path, Path work) throws JobProblem {
    if (program.indexOf('/') >= 0) {
      return check(program, work.resolve(program));
    }
    String key = path + '\0' + program;
    Path known = found.get(key);
    if (known != null) {
      return known;
    }
    Path other = null;
    for (String folder : path.split(":", -1)) {
      Path file = Path.of(folder).resolve(program);
      if (folder.startsWith("/") && Files.isRegularFile(file)) {
        if (Files.isExecutable(file)) {
          found.put(key, file);
          return file;
        }
        other = file;
      }
    }
    if (other != null) {
      throw notExecutable(program, other);
    }
    throw JobProblem.permanent(
        Files.isRegularFile(work.resolve(program))
            ? "command '%s' was not found on PATH; a staged file has that name: write ./%s"
                .formatted(program, program)
            : "command '%s' was not found on PATH (%s): install it or give its full path"
                .formatted(program, path));
  }

  private static Path check(String program, Path file) throws JobProblem {
    if (Files.isDirectory(file)) {
      throw JobProblem.permanent("command '" + program + "' is a folder: name the program in it");
    }
    if (!Files.exists(file)) {
      throw JobProblem.permanent(
          "command '" + program + "' was not found: there is no file " + file);
    }
    if (!Files.isExecutable(file)) {
      throw notExecutable(program, file);
    }
    return file;
  }

  private static JobProblem notExecutable(String program, Path file) {
    return JobProblem.permanent(
        "command '" + program + "' is not executable: run chmod +x on " + file);
  }

  /**
   * Explains why a process could not be started.
   *
   * @return the problem, or null if it is not one of the command
   * @throws BackendException if this machine can start no process now
   */
  JobProblem explain(IOException failure, String program, Path file) {
    found.values().remove(file);
    Matcher error = ERROR.matcher(String.valueOf(failure.getMessage()));
    int code = error.find() ? Integer.parseInt(error.group(1)) : 0;
    return switch (code) {
      case 2 ->
          JobProblem.permanent("command '" + program + "' could not be started: " + missing(file));
      case 7 ->
          JobProblem.permanent(
              "command '"
                  + program
                  + "' could not be started: its arguments or variables are too long for this system");
      case 8 ->
          JobProblem.permanent(
              "command '"
                  + program
                  + "' is not a program for this machine (exec format error): "
                  + file);
      case 11, 12 ->
          throw new BackendException(
              "Could not start '"
                  + program
                  + "': the machine has no memory or no process left ("
                  + failure.getMessage()
                  + "). Run fewer jobs at once; the job will be tried again.",
              true,
              failure);
      case 13 -> notExecutable(program, file);
      default ->
          JobProblem.permanent(
              "command '" + program + "' could not be started: " + failure.getMessage());
    };
  }

  private static String missing(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String line =
          new String(in.readNBytes(256), StandardCharsets.UTF_8).lines().findFirst().orElse("");
      if (line.startsWith("#!")) {
        return "the interpreter named in its first line, "
            + line.substring(2).strip()
            + ", does not exist";
      }
      return "the loader or a library that it needs does not exist";
    } catch (IOException e) {
      return "there is no file " + file;
    }
  }
}
