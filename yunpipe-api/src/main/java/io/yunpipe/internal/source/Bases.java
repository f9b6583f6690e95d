package io.yunpipe.internal.source;

import io.yunpipe.Inputs;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folders that names are relative to: absolute, without . and .. */
final class Bases {
  private Bases() {}

  /** Returns the deepest folder that holds all files. */
  static Path ofFiles(List<Path> files) {
    Path common = null;
    for (Path file : files) {
      Path absolute = file.toAbsolutePath().normalize();
      Path parent = absolute.getParent();
      common = common(common, parent == null ? absolute : parent);
    }
    return common == null ? Path.of("").toAbsolutePath() : common;
  }

  /** Returns the folder that names of these inputs begin at, if they are files of this machine. */
  static Optional<Path> of(Inputs inputs) {
    if (inputs instanceof Inputs.Files files) {
      return Optional.of(ofFiles(files.paths()));
    }
    if (inputs instanceof Inputs.Folder folder) {
      return Optional.of(folder.path().toAbsolutePath().normalize());
    }
    if (inputs instanceof Inputs.Glob glob) {
      return Optional.of(GlobPattern.of(glob.pattern()).base().toAbsolutePath().normalize());
    }
    if (inputs instanceof Inputs.Zip zip) {
      // As if it had been unpacked where it lies.
      Path path = zip.path().toAbsolutePath().normalize();
      String name = String.valueOf(path.getFileName());
      boolean suffix = name.toLowerCase(Locale.ROOT).endsWith(".zip") && name.length() > 4;
      return Optional.of(path.resolveSibling(suffix ? name.substring(0, name.length() - 4) : name));
    }
    if (inputs instanceof Inputs.Several several) {
      Path common = null;
      for (Inputs part : several.parts()) {
        Optional<Path> base = of(part);
        if (base.isPresent()) {
          common = common(common, base.get());
        }
      }
      return Optional.ofNullable(common);
    }
    return Optional.empty();
  }

  private static Path common(@Nullable Path left, Path right) {
    if (left == null) {
      return right;
    }
    Path common = left;
    while (!right.startsWith(common)) {
      Path parent = common.getParent();
      if (parent == null) {
        return common;
      }
      common = parent;
    }
    return common;
  }
}
