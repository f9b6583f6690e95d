package io.yunpipe.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at files; symbolic links are not followed, since the store makes none. */
final class Stat {
  private Stat() {}

  /** Returns a file's or folder's attributes, or null if there is none of this name. */
  static @Nullable BasicFileAttributes of(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      if (isBelowFile(path)) {
        return null;
      }
      throw e;
    }
  }

  /** Returns the attributes of an ordinary file, or null if there is none of this name. */
  static @Nullable BasicFileAttributes ofFile(Path path) throws IOException {
    BasicFileAttributes attributes = of(path);
    return attributes != null && attributes.isRegularFile() ? attributes : null;
  }

  /** Returns whether the path cannot exist since a part of it is a file and not a folder. */
  static boolean isBelowFile(Path path) {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above)) {
        return !Files.isDirectory(above);
      }
    }
    return false;
  }

  /** Returns a tag that changes when the file is replaced. */
  static String etag(BasicFileAttributes file) {
    Object key = file.fileKey();
    return Long.toHexString(file.lastModifiedTime().to(TimeUnit.NANOSECONDS))
        + "-"
        + Long.toHexString(file.size())
        + "-"
        + Integer.toHexString(key == null ? 0 : key.hashCode());
  }
}
