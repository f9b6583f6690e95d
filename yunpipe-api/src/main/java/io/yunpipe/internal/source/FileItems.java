package io.yunpipe.internal.source;

import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.RelativeName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files named one by one; their names are relative to a folder that holds them all. */
final class FileItems implements ItemSource {
  private final List<Path> paths;
  private final Path base;
  private int next;

  FileItems(List<Path> paths, Path base) {
    this.paths = paths;
    this.base = base;
  }

  @Override
  public @Nullable SourceItem next() {
    if (next == paths.size()) {
      return null;
    }
    Path path = paths.get(next++);
    StampedFile file = StampedFile.of(path);
    String name = RelativeName.of(base.relativize(path.toAbsolutePath().normalize()));
    return SourceItem.of(nameable(name, path), file);
  }

  /** Refuses names that came out of a listing with characters replaced. */
  static String nameable(String name, Path path) {
    if (name.indexOf('\uFFFD') >= 0) {
      try {
        if (path.getFileSystem().getPath(path.toString()).equals(path)) {
          return name;
        }
      } catch (InvalidPathException e) {
        // Said below.
      }
      throw FileErrors.unnameable(String.valueOf(path.getParent()), name);
    }
    return name;
  }

  @Override
  public String nothing() {
    return "the list of files is empty";
  }

  @Override
  public boolean mayRepeat() {
    return true;
  }
}
