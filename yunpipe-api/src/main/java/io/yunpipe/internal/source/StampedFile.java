package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.spi.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was found. Opening, the end of its bytes and closing check that size,
 * modification time and identity are still the same. What this cannot see: a change of the same
 * length within one tick of the disk's clock.
 */
final class StampedFile implements Content {
  private final Path path;
  private final Stamp stamp;

  private record Stamp(long size, FileTime modified, @Nullable Object identity) {}

  private StampedFile(Path path, Stamp stamp) {
    this.path = path;
    this.stamp = stamp;
  }

  /**
   * Looks at a file; links are followed.
   *
   * @throws InvalidInputException if it is gone, a folder, or a device
   */
  static StampedFile of(Path path) {
    return new StampedFile(path, stamp(path));
  }

  /** As {@link #of}, or null for a link to a folder. */
  static @Nullable StampedFile orFolderLink(Path path) {
    BasicFileAttributes attributes = attributes(path);
    return attributes.isDirectory() ? null : new StampedFile(path, stamp(path, attributes));
  }

  Path path() {
    return path;
  }

  @Override
  public long size() {
    return stamp.size();
  }

  @Override
  public InputStream open() {
    try {
      InputStream in = Files.newInputStream(path);
      try {
        verifyUnchanged();
        return new Verified(in);
      } catch (RuntimeException e) {
        in.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  void verifyUnchanged() {
    Stamp now = stamp(path);
    if (!now.equals(stamp)) {
      throw new InvalidInputException(
          "Could not take "
              + Quoted.of(path)
              + ": it changed while it was read ("
              + difference(now)
              + "). Submit it again when nothing writes to it any more.");
    }
  }

  private String difference(Stamp now) {
    if (now.size() != stamp.size()) {
      return "from " + stamp.size() + " to " + now.size() + " bytes";
    }
    return Objects.equals(now.identity(), stamp.identity())
        ? "written to at " + now.modified()
        : "replaced by another file";
  }

  private static Stamp stamp(Path path) {
    return stamp(path, attributes(path));
  }

  private static Stamp stamp(Path path, BasicFileAttributes attributes) {
    FileErrors.requireFile(path, attributes);
    return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
  }

  private static BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  private final class Verified extends FilterInputStream {
    private boolean verified;

    Verified(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        int read = super.read();
        atEnd(read);
        return read;
      } catch (IOException e) {
        throw FileErrors.unreadable(path, e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = super.read(bytes, offset, length);
        atEnd(read);
        return read;
      } catch (IOException e) {
        throw FileErrors.unreadable(path, e);
      }
    }

    private void atEnd(int read) {
      if (read < 0 && !verified) {
        verified = true;
        verifyUnchanged();
      }
    }

    @Override
    public void close() throws IOException {
      super.close();
      // Who knows the size need not read up to the end.
      atEnd(-1);
    }
  }
}
