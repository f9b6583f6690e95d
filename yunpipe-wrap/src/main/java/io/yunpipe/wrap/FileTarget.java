package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes an archive to a file, which is there whole or not at all. */
final class FileTarget extends ArchiveTarget {
  private final Path file;

  FileTarget(Path file, String repoTag) {
    super(repoTag);
    this.file = file.toAbsolutePath();
  }

  @Override
  void deliver(EngineProgram.Writer archive) {
    try {
      Path folder = file.getParent();
      if (folder == null) {
        throw new IOException("it is no file");
      }
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, ".part-", "");
      try {
        try (OutputStream out = Files.newOutputStream(part)) {
          archive.write(out);
        }
        part.toFile().setReadable(true, false);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new BackendException(
          "Could not write " + file + ": " + Said.of(e) + ". Look for space and rights there", e);
    }
  }
}
