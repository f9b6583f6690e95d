package io.yunpipe.runner;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of one attempt. Each is made when it is first asked for, since most of the time a job
 * costs beyond its process goes into folders. For one thread.
 */
final class Scratch {
  /** The name of the log in the root. */
  static final String LOG = "log";

  private static final Logger logger = LoggerFactory.getLogger(Scratch.class);
  private static final String MODE = "unix:mode,nlink,size";

  private final Path root;
  private final Map<String, Path> folders = new HashMap<>(8);
  private boolean made;

  Scratch(Path root) {
    this.root = root;
  }

  /** The folder that holds the others. */
  Path root() {
    return root;
  }

  /** Inputs. */
  Path in() throws IOException {
    return folder("in");
  }

  /** Takes outputs. */
  Path out() throws IOException {
    return folder("out");
  }

  /** Where a command starts. */
  Path work() throws IOException {
    return folder("work");
  }

  /** For temporary files. */
  Path tmp() throws IOException {
    return folder("tmp");
  }

  /** A path in the root that nothing else uses. */
  Path file(String name) throws IOException {
    makeRoot();
    return root.resolve(name);
  }

  private void makeRoot() throws IOException {
    if (!made) {
      if (!root.toFile().mkdir()) {
        Files.createDirectories(root);
      }
      made = true;
    }
  }

  /** Returns a folder in the root. */
  Path folder(String name) throws IOException {
    Path folder = folders.get(name);
    if (folder == null) {
      makeRoot();
      folder = root.resolve(name);
      Files.createDirectory(folder);
      folders.put(name, folder);
    }
    return folder;
  }

  /** Gives the folders with all in them to another user; only root can. */
  void giveTo(UserId user) throws IOException {
    for (Path folder : folders.values()) {
      FileTrees.giveTo(folder, user);
    }
  }

  /**
   * Removes what a failed job left but for its log, so that a full disk can take the record of it.
   */
  void freeSpace() {
    for (Path folder : folders.values()) {
      try {
        FileTrees.delete(folder);
      } catch (IOException e) {
        logger.debug("Could not free the space of {}", folder, e);
      }
    }
  }

  /** Removes everything; what cannot be removed is logged. */
  void delete() {
    if (!made) {
      return;
    }
    try {
      FileTrees.delete(root);
    } catch (IOException e) {
      logger.warn("Could not remove scratch folder {}: {}", root, e.toString());
    }
  }

  /**
   * Empties the folders, so that another attempt may have them.
   *
   * @return whether all is as if newly made; otherwise they must be deleted
   */
  boolean empty() {
    String[] names = root.toFile().list();
    if (names == null) {
      return false;
    }
    try {
      Map<String, Object> first = Files.readAttributes(root, MODE, LinkOption.NOFOLLOW_LINKS);
      int found = 0;
      for (String name : names) {
        Path folder = folders.get(name);
        if (folder != null && emptyFolder(folder, first.get("mode"))) {
          found++;
        } else if (folder != null || !name.equals(LOG)) {
          return false;
        } else {
          emptyLog(root.resolve(LOG));
        }
      }
      return found == folders.size();
    } catch (IOException | RuntimeException e) {
      logger.debug("Scratch folder is not used again: {}", root, e);
      return false;
    }
  }

  private static void emptyLog(Path log) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(log, MODE, LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) Objects.requireNonNull(attributes.get("mode"));
    boolean asMade =
        (mode & OutputFolder.TYPE) == OutputFolder.REGULAR
            && Objects.equals(1, attributes.get("nlink"))
            && Objects.equals(0L, attributes.get("size"));
    if (!asMade) {
      Files.delete(log);
    }
  }

  private static boolean emptyFolder(Path folder, @Nullable Object mode) throws IOException {
    // The root was made in the same way, so a folder that differs was changed by the job.
    Object now = Files.readAttributes(folder, MODE, LinkOption.NOFOLLOW_LINKS).get("mode");
    String[] names = folder.toFile().list();
    if (names == null || !Objects.equals(now, mode)) {
      return false;
    }
    if (names.length > 0) {
      // Paths, unlike the names as text, carry bytes that are not UTF-8.
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          FileTrees.delete(entry);
        }
      }
    }
    return true;
  }
}
