package io.yunpipe.wrap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of an image on disk: a folder, or a tar with the same files. */
interface LayoutFiles extends Closeable {
  /** Returns a file by its path with slashes. */
  Optional<Body> file(String path) throws IOException;

  @Override
  default void close() throws IOException {}

  /** Returns those of a folder. */
  static LayoutFiles of(Path folder) {
    return path -> {
      Path file = folder.resolve(path);
      return Files.isRegularFile(file)
          ? Optional.of(Body.of(file, Files.size(file)))
          : Optional.empty();
    };
  }
}
