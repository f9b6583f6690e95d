package io.yunpipe.spi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Bytes to store. May be opened more than once. */
public interface Content {
  /** Returns the number of bytes, or -1 if unknown. */
  long size();

  /** Opens the bytes from the beginning. */
  InputStream open() throws IOException;

  /** Returns the file that holds the bytes, if there is one. */
  default Optional<Path> file() {
    return Optional.empty();
  }

  /** Returns whether the store may take the file away (rename it) instead of copying it. */
  default boolean movable() {
    return false;
  }

  /** Returns bytes in memory; not copied. */
  static Content of(byte[] bytes) {
    return new Content() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /** Returns text as UTF-8. */
  static Content of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a file, which is copied. */
  static Content of(Path file) {
    return new FileContent(file, false);
  }

  /** Returns a file that the store may take away. */
  static Content moving(Path file) {
    return new FileContent(file, true);
  }

  /** A file. */
  record FileContent(Path path, boolean movable) implements Content {
    @Override
    public long size() {
      try {
        return Files.size(path);
      } catch (IOException e) {
        return -1;
      }
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }

    @Override
    public Optional<Path> file() {
      return Optional.of(path);
    }
  }
}
