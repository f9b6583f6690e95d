package io.yunpipe.internal.source;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.archive.ArchiveLimits;
import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens inputs of every kind as one stream of items, and finds out what kind paths are. */
public final class Sources {
  private static final String ZIP = ".zip";

  private Sources() {}

  /**
   * Opens inputs. Memory does not grow with their number, except for the names of the folders that
   * are being listed and, where files are listed or inputs are of several kinds, about 20 bytes for
   * each name. Two {@link Inputs.Items} may have the same name.
   *
   * @param store for {@link Inputs.Prefix}; may be null for others
   * @throws InvalidInputException if a folder or zip cannot be read, or a listed file is missing,
   *     no file, or named twice
   */
  public static SourceReader open(Inputs inputs, @Nullable ObjectStore store) {
    if (inputs instanceof Inputs.Files files) {
      FileItems.check(files.paths());
    } else if (inputs instanceof Inputs.Several several) {
      several.parts().forEach(Sources::checkPart);
    }
    return openChecked(inputs, store);
  }

  /**
   * Parts are opened when their turn comes, which is late to find that one cannot be read at all.
   */
  private static void checkPart(Inputs part) {
    if (!(part instanceof Inputs.Items) && !(part instanceof Inputs.Prefix)) {
      open(part, null).close();
    }
  }

  static CheckedReader openChecked(Inputs inputs, @Nullable ObjectStore store) {
    return new CheckedReader(source(inputs, store));
  }

  /**
   * Finds out what paths are: folders, files, zips (files that end in {@code .zip}), or globs, if
   * there is no such path and it has one of {@code * ? [} or an opening brace.
   *
   * @throws InvalidInputException if one is none of these
   */
  public static Inputs detect(List<Path> paths) {
    List<Inputs> parts = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      Optional<Inputs> special = detectOne(path);
      if (special.isEmpty()) {
        files.add(path);
      } else {
        addFiles(files, parts);
        parts.add(special.get());
      }
    }
    addFiles(files, parts);
    return parts.size() == 1 ? parts.get(0) : Inputs.several(parts);
  }

  private static void addFiles(List<Path> files, List<Inputs> parts) {
    if (!files.isEmpty()) {
      parts.add(Inputs.files(files));
      files.clear();
    }
  }

  /** Returns what a path is, or empty for a plain file. */
  private static Optional<Inputs> detectOne(Path path) {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      if (GlobPattern.isGlob(path.toString())) {
        return Optional.of(Inputs.glob(path.toString()));
      }
      throw new InvalidInputException(
          "Could not submit "
              + Quoted.of(path)
              + ": there is no such file or folder"
              + (path.isAbsolute() ? "" : " in " + Quoted.of(Path.of("").toAbsolutePath()))
              + ". Check the path.",
          e);
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
    if (attributes.isDirectory()) {
      return Optional.of(Inputs.folder(path));
    }
    FileErrors.requireFile(path, attributes);
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(ZIP) ? Optional.of(Inputs.zip(path)) : Optional.empty();
  }

  private static ItemSource source(Inputs inputs, @Nullable ObjectStore store) {
    if (inputs instanceof Inputs.Files files) {
      return new FileItems(files.paths());
    }
    if (inputs instanceof Inputs.Folder folder) {
      return TreeItems.folder(folder.path());
    }
    if (inputs instanceof Inputs.Glob glob) {
      return TreeItems.glob(GlobPattern.of(glob.pattern()));
    }
    if (inputs instanceof Inputs.Zip zip) {
      return new ZipItems(zip.path(), ArchiveLimits.DEFAULT);
    }
    if (inputs instanceof Inputs.Items items) {
      return new GivenItems(items.iterator());
    }
    if (inputs instanceof Inputs.Several several) {
      return several(several, store);
    }
    if (store == null) {
      throw new IllegalStateException("Inputs with a prefix need a store to be listed from");
    }
    return new StoredItems(store, ((Inputs.Prefix) inputs).prefix());
  }

  private static ItemSource several(Inputs.Several several, @Nullable ObjectStore store) {
    Optional<Path> root = Bases.of(several);
    List<SeveralItems.Part> parts = new ArrayList<>();
    for (Inputs inputs : several.parts()) {
      String below =
          Bases.of(inputs)
              .flatMap(base -> root.map(top -> RelativeName.of(top.relativize(base))))
              .orElse("");
      parts.add(
          new SeveralItems.Part(below.isEmpty() ? "" : below + "/", () -> source(inputs, store)));
    }
    return new SeveralItems(parts);
  }

  /**
   * Returns the files and folders of this machine that inputs are read from; globs by their folder.
   */
  static List<Path> places(Inputs inputs) {
    if (inputs instanceof Inputs.Files files) {
      return files.paths();
    }
    if (inputs instanceof Inputs.Folder folder) {
      return List.of(folder.path());
    }
    if (inputs instanceof Inputs.Glob glob) {
      return List.of(GlobPattern.of(glob.pattern()).base());
    }
    if (inputs instanceof Inputs.Zip zip) {
      return List.of(zip.path());
    }
    if (inputs instanceof Inputs.Several several) {
      return several.parts().stream().map(Sources::places).flatMap(List::stream).toList();
    }
    return List.of();
  }
}
