package io.yunpipe.local;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is durable when: syncs files and folders if the store is to survive a power cut. */
final class Disk {
  private static final int MAX_TRIES = 1000;

  private final boolean fsync;

  Disk(boolean fsync) {
    this.fsync = fsync;
  }

  boolean fsync() {
    return fsync;
  }

  /** Makes a file's bytes durable. */
  void sync(FileChannel file) throws IOException {
    if (fsync) {
      file.force(false);
    }
  }

  /** Makes a file's bytes durable. */
  void sync(Path file) throws IOException {
    if (fsync) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        channel.force(false);
      }
    }
  }

  /** Makes a folder's names durable. */
  void syncFolder(Path folder) throws IOException {
    if (!fsync) {
      return;
    }
    uninterrupted(
        () -> {
          try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
          } catch (NoSuchFileException e) {
            // Emptied and removed meanwhile, so there is nothing left to keep.
          }
          return true;
        });
  }

  /** Makes the names in folders durable. */
  void syncFolders(Collection<Path> folders) throws IOException {
    for (Path folder : folders) {
      syncFolder(folder);
    }
  }

  /** Creates a folder and those above it, durably; present ones are kept. */
  void createFolders(Path folder) throws IOException {
    List<Path> changed = new ArrayList<>();
    createFolders(folder, changed);
    syncFolders(changed);
  }

  /**
   * Creates a folder and those above it; present ones are kept.
   *
   * @param changed takes the folders with new names, for the caller to sync: together they cost
   *     little more than one
   */
  static void createFolders(Path folder, Collection<Path> changed) throws IOException {
    // Through File, since a missing folder is no reason for an exception here.
    for (int tries = 1; !folder.toFile().isDirectory(); tries++) {
      Path parent = folder(folder);
      createFolders(parent, changed);
      try {
        Files.createDirectory(folder);
        changed.add(parent);
        return;
      } catch (FileAlreadyExistsException e) {
        if (isInTheWay(folder)) {
          throw e;
        }
      } catch (NoSuchFileException e) {
        // Who deletes an object takes the folders along that become empty, also the one above.
        if (tries == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  /** Told by one look, since folders come and go. */
  private static boolean isInTheWay(Path folder) throws IOException {
    try {
      BasicFileAttributes there =
          Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return !there.isDirectory() && !(there.isSymbolicLink() && Files.isDirectory(folder));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Returns the folder of a file in the store. */
  static Path folder(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalStateException("A stored file is always in a folder, but was " + file);
    }
    return folder;
  }

  /**
   * Runs work on channels that an interrupt must not leave half done: an interrupt closes the
   * channel in use, so the work is run again. It must be such that it can be. The interrupt status
   * is kept.
   */
  static <T> T uninterrupted(IoAction<T> work) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return work.run();
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
