package io.yunpipe.internal.files;

import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Says in users' words what a file system answered. */
public final class FileErrors {
  private FileErrors() {}

  /** Returns the exception for an input that could not be read, with path, reason and remedy. */
  public static InvalidInputException unreadable(Path path, IOException e) {
    String shown = "Could not read " + Quoted.of(path) + ": ";
    if (e instanceof NoSuchFileException) {
      return new InvalidInputException(
          shown + "there is no such file (any more). Check the path, or submit again without it.",
          e);
    }
    if (e instanceof AccessDeniedException) {
      return new InvalidInputException(
          shown + "permission denied. Make it readable for the user who submits.", e);
    }
    return new InvalidInputException(shown + reason(e) + ". Check the path and its disk.", e);
  }

  /** Returns the exception for something that is neither a file nor a folder. */
  public static InvalidInputException notAFile(Path path) {
    return new InvalidInputException(
        "Could not read "
            + Quoted.of(path)
            + ": it is a device, pipe or socket, not a file. Take it out of the inputs.");
  }

  /** Returns the exception for a name that this JVM cannot say. */
  public static InvalidInputException unnameable(String where, String shown) {
    String encoding = System.getProperty("sun.jnu.encoding", "unknown");
    String remedy =
        encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name())
            ? "The name is not valid UTF-8: rename the file."
            : "Start Java with LC_ALL=C.UTF-8 in its environment.";
    return new InvalidInputException(
        "Could not handle the file name "
            + Quoted.of(shown)
            + " in "
            + Quoted.of(where)
            + ": this JVM's encoding for file names, "
            + encoding
            + ", cannot represent it. "
            + remedy);
  }

  /** Returns the reason without the path. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "not a folder";
    }
    if (e instanceof FileSystemLoopException) {
      return "links form a loop";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Returns the attributes if they are a regular file's, and refuses all else. */
  public static BasicFileAttributes requireFile(Path path, BasicFileAttributes attributes) {
    if (attributes.isDirectory()) {
      throw new InvalidInputException(
          "Could not read "
              + Quoted.of(path)
              + " as a file: it is a folder. Submit it as a folder.");
    }
    if (!attributes.isRegularFile()) {
      throw notAFile(path);
    }
    return attributes;
  }
}
