package io.yunpipe;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something placed in a job's file system before its command starts.
 *
 * @param path where: relative to the job's working folder, or absolute inside a container
 * @param kind what
 * @param file the file to place, for {@link Kind#FILE}; otherwise null
 * @param text the content, for {@link Kind#TEXT}; otherwise null
 * @param writable whether the job may write to its copy
 */
public record Staging(
    String path, Kind kind, @Nullable Path file, @Nullable String text, boolean writable) {
  /** What is placed. */
  public enum Kind {
    /** A file, stored with the run and copied to each job. */
    FILE,
    /** A file with the given text. */
    TEXT,
    /** An empty folder. */
    FOLDER
  }

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if the path is empty or climbs with {@code ..}
   */
  public Staging {
    if (path.isBlank() || Path.of(path).normalize().startsWith("..")) {
      throw new IllegalArgumentException(
          "staging path must lie inside the working folder or be absolute, but was \""
              + path
              + "\"");
    }
  }

  /** Returns a read-only copy of a file at a path. */
  public static Staging file(String path, Path file) {
    return new Staging(path, Kind.FILE, file, null, false);
  }

  /** Returns a read-only file with this text. */
  public static Staging text(String path, String text) {
    return new Staging(path, Kind.TEXT, null, text, false);
  }

  /** Returns an empty, writable folder. */
  public static Staging folder(String path) {
    return new Staging(path, Kind.FOLDER, null, null, true);
  }
}
