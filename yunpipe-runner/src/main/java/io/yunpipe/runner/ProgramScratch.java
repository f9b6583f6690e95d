package io.yunpipe.runner;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders for attempts in one place, one per program; those of programs that are gone can be
 * removed. Makes nothing before it is needed.
 */
final class ProgramScratch implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(ProgramScratch.class);

  private final Path folder;
  private final String own;

  /** Creates it over a folder that programs of this machine share. */
  ProgramScratch(Path folder) {
    this.folder = folder;
    this.own = ProcessHandle.current().pid() + "-" + System.identityHashCode(this);
  }

  /** Returns the folder of this program, which need not be there. */
  Path ofThisProgram() {
    return folder.resolve(own);
  }

  /** Removes the folders of programs that have ended; what cannot be removed is logged. */
  void removeLeftovers() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> programs = Files.newDirectoryStream(folder)) {
      for (Path program : programs) {
        if (gone(String.valueOf(program.getFileName()))) {
          FileTrees.delete(program);
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

  /** Removes this program's folder. */
  @Override
  public void close() {
    if (!Files.exists(ofThisProgram())) {
      return;
    }
    try {
      FileTrees.delete(ofThisProgram());
    } catch (IOException e) {
      logger.warn("Could not remove {}: {}", ofThisProgram(), e.toString());
    }
  }
}
