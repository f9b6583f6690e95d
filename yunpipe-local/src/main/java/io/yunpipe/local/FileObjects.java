package io.yunpipe.local;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Objects that are a file each. Creating is a hard link, which fails if the name is taken;
 * replacing is a rename. What replaces or deletes holds the path's lock, so that {@code putIfMatch}
 * may look first. Thread-safe.
 */
final class FileObjects {
  /** How a staged file gets its name. */
  private interface Placing {
    boolean place(Path file, Path target) throws IOException;
  }

  private final Path root;
  private final Disk disk;
  private final StoreLocks locks;
  private final StagingArea staging;

  FileObjects(Path root, Disk disk, StoreLocks locks, StagingArea staging) {
    this.root = root;
    this.disk = disk;
    this.locks = locks;
    this.staging = staging;
  }

  Stored put(Path target, Content content) throws IOException {
    Set<Path> changed = new LinkedHashSet<>();
    Staged staged = staging.stage(content, true);
    place(staged, content, target, changed, this::replace);
    disk.syncFolders(changed);
    return new Stored(staged.size(), staged.sha256());
  }

  boolean putIfMatch(Path target, Content content, String etag) throws IOException {
    if (!matches(target, etag)) {
      return false;
    }
    Set<Path> changed = new LinkedHashSet<>();
    boolean replaced =
        place(
            staging.stage(content, false),
            content,
            target,
            changed,
            (file, to) ->
                locks.everywhere(
                    to,
                    () -> {
                      boolean same = matches(to, etag);
                      if (same) {
                        staging.stamp(file);
                        rename(file, to);
                      }
                      return same;
                    }));
    disk.syncFolders(changed);
    return replaced;
  }

  /**
   * Creates an object unless there is one.
   *
   * @param changed takes the folders that the caller has to sync until the name is durable, also if
   *     another has just created the object
   */
  boolean create(Path target, Content content, Set<Path> changed) throws IOException {
    if (isTaken(target)) {
      changed.add(Disk.folder(target));
      return false;
    }
    return place(staging.stage(content, false), content, target, changed, this::link);
  }

  /** Gives an object a second name, replacing what has it. */
  void alias(Path source, Path alias) throws IOException {
    Set<Path> changed = new LinkedHashSet<>();
    if (!isTaken(alias) && inFolder(source, alias, changed, () -> linked(source, alias))) {
      disk.syncFolders(changed);
      return;
    }
    Path link = staging.newFile();
    try {
      if (linked(source, link)) {
        inFolder(link, alias, changed, () -> locks.everywhere(alias, () -> rename(link, alias)));
        disk.syncFolders(changed);
      } else {
        put(alias, Content.of(source));
      }
    } finally {
      staging.discard(link); // a rename onto a name of the same file leaves both
    }
  }

  void delete(Path target) throws IOException {
    if (Stat.ofFile(target) == null) {
      return;
    }
    locks.everywhere(target, () -> Stat.ofFile(target) != null && Files.deleteIfExists(target));
  }

  Optional<InputStream> get(Path target) throws IOException {
    if (Stat.ofFile(target) == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.newInputStream(target));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  Optional<ObjectInfo> head(String key, Path target) throws IOException {
    return Optional.ofNullable(Stat.ofFile(target)).map(file -> info(key, file));
  }

  static ObjectInfo info(String key, BasicFileAttributes file) {
    return new ObjectInfo(key, file.size(), Stat.etag(file), file.lastModifiedTime().toInstant());
  }

  /** Deletes folders that became empty, from the one given up to the root, which is kept. */
  void prune(Path folder) throws IOException {
    for (Path each = folder;
        each != null && each.startsWith(root) && !each.equals(root);
        each = each.getParent()) {
      try {
        Files.deleteIfExists(each);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }

  private boolean place(
      Staged staged, Content content, Path target, Set<Path> changed, Placing placing)
      throws IOException {
    boolean placed = false;
    try {
      placed = inFolder(staged.file(), target, changed, () -> placing.place(staged.file(), target));
    } catch (AtomicMoveNotSupportedException e) {
      if (!staged.moved()) {
        throw e;
      }
      // On another disk.
      return place(staging.copy(content, false), content, target, changed, placing);
    } finally {
      if (!staged.moved()) {
        staging.discard(staged.file());
      }
    }
    if (placed && staged.moved()) {
      Files.deleteIfExists(staged.file());
    }
    return placed;
  }

  private boolean replace(Path file, Path target) throws IOException {
    return locks.everywhere(
        target,
        () -> {
          staging.stamp(file);
          return rename(file, target);
        });
  }

  private boolean rename(Path file, Path target) throws IOException {
    try {
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
      removeEmpty(target);
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }
    return true;
  }

  private boolean link(Path file, Path target) throws IOException {
    if (linked(file, target)) {
      return true;
    }
    if (isTaken(target)) {
      return false;
    }
    // A file system without hard links, or another disk.
    return locks.everywhere(target, () -> !isTaken(target) && rename(file, target));
  }

  /** Makes a hard link; returns whether it could. */
  private static boolean linked(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
      return true;
    } catch (FileAlreadyExistsException | UnsupportedOperationException e) {
      return false;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (Stat.isBelowFile(target)) {
        throw e;
      }
      return false;
    }
  }

  /** Returns whether an object has the name; removes an empty folder that has it. */
  private static boolean isTaken(Path target) throws IOException {
    if (!target.toFile().exists()) {
      return false;
    }
    BasicFileAttributes there = Stat.of(target);
    if (there == null) {
      return false;
    }
    if (there.isDirectory()) {
      removeEmpty(target);
      return false;
    }
    return true;
  }

  private static void removeEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "a folder with other objects has this name");
    }
  }

  /** Names a file in a folder, which is created if it is missing or vanishes meanwhile. */
  private static boolean inFolder(Path file, Path target, Set<Path> changed, IoAction<Boolean> work)
      throws IOException {
    changed.add(Disk.folder(target));
    while (true) {
      Disk.createFolders(Disk.folder(target), changed);
      try {
        return work.run();
      } catch (NoSuchFileException e) {
        if (!Files.exists(file)) {
          throw e;
        }
      }
    }
  }

  private static boolean matches(Path target, String etag) throws IOException {
    BasicFileAttributes file = Stat.ofFile(target);
    return file != null && Stat.etag(file).equals(etag);
  }
}
