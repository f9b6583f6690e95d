package io.yunpipe.e2e.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Layers that wrapping adds take seconds to make: homes of tests get those of tests before. */
final class LayerFolder {
  private static final Path ALL = Path.of("target", "layers").toAbsolutePath();

  private LayerFolder() {}

  /** Brings layers into a user's home. */
  static Path into(Path home) throws IOException {
    copy(ALL, of(home));
    return home;
  }

  /** Keeps what was made in a user's home. */
  static void keep(Path home) throws IOException {
    copy(of(home), ALL);
  }

  private static Path of(Path home) {
    return home.resolve(".yunpipe/cache");
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    Files.createDirectories(to);
    List<Path> files;
    try (Stream<Path> all = Files.list(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path target = to.resolve(file.getFileName());
      if (!Files.exists(target)) {
        Path draft = Files.createTempFile(to, ".layer", "");
        Files.copy(file, draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
