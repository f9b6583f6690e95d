package io.yunpipe.runner;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of one attempt. Each is made when it is first asked for, since most of the time a job
 * costs beyond its process goes into folders. For one thread.
 */
final class Scratch {
  private static final Logger logger = LoggerFactory.getLogger(Scratch.class);

  private final File root;
  private boolean made;
  private @Nullable File in;
  private @Nullable File out;
  private @Nullable File work;
  private @Nullable File tmp;

  Scratch(Path root) {
    this.root = root.toFile();
  }

  /** The folder that holds the others. */
  Path root() {
    return root.toPath();
  }

  /** Inputs. */
  Path in() throws IOException {
    if (in == null) {
      in = make("in");
    }
    return in.toPath();
  }

  /** Takes outputs. */
  Path out() throws IOException {
    if (out == null) {
      out = make("out");
    }
    return out.toPath();
  }

  /** Where a command starts. */
  Path work() throws IOException {
    if (work == null) {
      work = make("work");
    }
    return work.toPath();
  }

  /** For temporary files. */
  Path tmp() throws IOException {
    if (tmp == null) {
      tmp = make("tmp");
    }
    return tmp.toPath();
  }

  /** A path in the root that nothing else uses. */
  Path file(String name) throws IOException {
    makeRoot();
    return new File(root, name).toPath();
  }

  private void makeRoot() throws IOException {
    if (!made) {
      if (!root.mkdir()) {
        Files.createDirectories(root.toPath());
      }
      made = true;
    }
  }

  private File make(String name) throws IOException {
    makeRoot();
    File folder = new File(root, name);
    if (!folder.mkdir()) {
      Files.createDirectory(folder.toPath());
    }
    return folder;
  }

  /** Removes everything; what cannot be removed is logged. */
  void delete() {
    if (!made) {
      return;
    }
    // Nearly always the folders are empty by now and the log is the only file.
    new File(root, LOG).delete();
    for (File folder : new File[] {tmp, work, out, in}) {
      if (folder != null) {
        folder.delete();
      }
    }
    if (!root.delete()) {
      try {
        deleteTree(root.toPath());
      } catch (IOException e) {
        logger.warn("Could not remove scratch folder {}: {}", root, e.toString());
      }
    }
  }

  static final String LOG = "log";

  static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!Files.isWritable(folder)) {
              folder.toFile().setWritable(true);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem)
              throws IOException {
            if (problem instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            // A folder the job has closed to us: open it and go in after all.
            File closed = file.toFile();
            boolean opened =
                closed.setReadable(true) && closed.setExecutable(true) && closed.setWritable(true);
            if (opened && Files.isReadable(file)) {
              deleteTree(file);
              return FileVisitResult.CONTINUE;
            }
            throw problem;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
