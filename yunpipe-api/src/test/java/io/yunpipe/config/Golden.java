package io.yunpipe.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The golden files of this package, and copies of them where a test may write. */
final class Golden {
  private Golden() {}

  static Path file(String name) {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a pipeline with an empty home and the settings of this class path. */
  static PipelineFile load(Path file) {
    return load(file, file.resolveSibling("no-home"));
  }

  static PipelineFile load(Path file, Path home) {
    return new PipelineReader(file, Catalogue.of(file, home), Schema.load()).read();
  }
}
