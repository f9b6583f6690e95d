package io.yunpipe.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders for attempts, one per program; those of programs that are gone are removed. */
final class Scratch implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Scratch.class);

  private final Path folder;
  private final String own;

  Scratch(Path folder) {
    this.folder = folder;
    this.own = ProcessHandle.current().pid() + "-" + System.identityHashCode(this);
  }

  Path ofThisProgram() {
    return folder.resolve(own);
  }

  void removeLeftovers() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> programs = Files.newDirectoryStream(folder)) {
      for (Path program : programs) {
        if (gone(String.valueOf(program.getFileName()))) {
          Trees.delete(program);
        }
      }
    } catch (IOException | RuntimeException e) {
      logger.warn("Could not remove what dead programs left in {}: {}", folder, e.toString());
    }
  }

  private static boolean gone(String program) {
    int dash = program.indexOf('-');
    try {
      return ProcessHandle.of(Long.parseLong(program.substring(0, Math.max(0, dash)))).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      Trees.delete(ofThisProgram());
    } catch (RuntimeException e) {
      logger.warn("Could not remove {}: {}", ofThisProgram(), e.getMessage());
    }
  }
}
