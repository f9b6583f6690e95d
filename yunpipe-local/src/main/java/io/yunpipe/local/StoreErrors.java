package io.yunpipe.local;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what the file system says into what a user can act on. */
final class StoreErrors {
  private StoreErrors() {}

  /**
   * Describes a failure.
   *
   * @param attempt completes "Could not …"
   * @param root the store's folder
   */
  static BackendException failed(String attempt, Path root, IOException e) {
    String reason = reason(e);
    String lower = reason.toLowerCase(Locale.ROOT);
    String remedy;
    boolean retryable = false;
    if (e instanceof AccessDeniedException || lower.contains("permission")) {
      remedy = "Let this user read and write the folder " + root + " and all in it.";
    } else if (lower.contains("no space left") || lower.contains("quota")) {
      remedy = "Free space on the disk of " + root + ", then try again.";
      retryable = true;
    } else if (lower.contains("read-only file system")) {
      remedy =
          "Choose a folder that can be written, or mount the disk of " + root + " for writing.";
    } else if (lower.contains("name too long")) {
      remedy = "The file system of " + root + " takes no names as long; use a shorter one.";
    } else if (lower.contains("too many open files")) {
      remedy = "Raise the limit on open files (ulimit -n), then try again.";
      retryable = true;
    } else if (e instanceof FileAlreadyExistsException || lower.contains("directory")) {
      remedy = "A file is where a folder must be, or a folder where a file must be; move it away.";
    } else {
      remedy = "Check the disk and the folder " + root + ".";
      retryable = !(e instanceof NoSuchFileException);
    }
    return new BackendException(
        "Could not " + attempt + ": " + reason + ". " + remedy, retryable, e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "access to " + denied.getFile() + " was denied" + suffix(denied.getReason());
    }
    if (e instanceof NoSuchFileException missing) {
      return "there is no file " + missing.getFile();
    }
    if (e instanceof FileAlreadyExistsException taken) {
      return "there is already " + taken.getFile();
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String suffix(@Nullable String reason) {
    return reason == null ? "" : " (" + reason + ")";
  }
}
