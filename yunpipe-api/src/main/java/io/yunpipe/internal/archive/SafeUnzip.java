package io.yunpipe.internal.archive;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a zip that somebody else may have made. Refused are: absolute, climbing, backslashed and
 * drive names, names that are too long or clash with others (also by case alone), links, devices,
 * encrypted and overlapping entries, bytes that differ from what the zip claims, and whatever is
 * over the {@link ArchiveLimits}. Of permissions only "executable" is taken over.
 */
public final class SafeUnzip {
  private static final int ANY_EXECUTE = 0111;

  private SafeUnzip() {}

  /**
   * Unpacks a zip whole or not at all: into a new folder beside the target, which is then renamed.
   *
   * @param folder absent, or empty and then replaced; its parents are made
   * @throws InvalidInputException if the zip is refused or the folder is not empty
   * @throws BackendException if the disk fails or is full
   */
  public static void unzip(Path zip, Path folder, ArchiveLimits limits) {
    Path target = folder.toAbsolutePath().normalize();
    try (CheckedZip archive = CheckedZip.open(zip, limits)) {
      requireEmpty(target);
      Path parent = target.getParent();
      Path fresh = (parent == null ? target : parent).resolve(".unzip-" + UUID.randomUUID());
      try {
        Files.createDirectories(fresh);
        for (ZipArchiveEntry entry : archive.entries()) {
          unpack(archive, entry, zip, fresh);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        // Gone after the move.
        deleteTree(fresh);
      }
    } catch (IOException e) {
      throw new BackendException(
          "Could not unpack "
              + Quoted.of(zip)
              + " into "
              + Quoted.of(target)
              + ": "
              + FileErrors.reason(e)
              + ". Nothing was left behind; check the folder's disk.",
          e);
    }
  }

  private static void requireEmpty(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidInputException(
          "Could not unpack into " + Quoted.of(target) + ": it is not a folder. Name another one.");
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(target)) {
      if (stream.iterator().hasNext()) {
        throw new InvalidInputException(
            "Could not unpack into "
                + Quoted.of(target)
                + ": the folder is not empty. Name a new folder, or empty this one.");
      }
    }
  }

  private static void unpack(CheckedZip archive, ZipArchiveEntry entry, Path zip, Path folder)
      throws IOException {
    Path file;
    try {
      file = folder.resolve(CheckedZip.name(entry));
    } catch (InvalidPathException e) {
      throw FileErrors.unnameable(zip.toString(), entry.getName());
    }
    if (!file.normalize().equals(file) || !file.startsWith(folder)) {
      throw Refusal.unsafe(zip, entry.getName(), "leads out of the folder");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try (InputStream in = archive.open(entry);
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      in.transferTo(out);
    }
    if (((entry.getExternalAttributes() >> 16) & ANY_EXECUTE) != 0) {
      makeExecutable(file);
    }
  }

  /** Whoever may read may execute, as {@code chmod +x} under the process's umask. */
  private static void makeExecutable(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    addIf(permissions, PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE);
    addIf(permissions, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE);
    addIf(permissions, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);
    view.setPermissions(permissions);
  }

  private static void addIf(
      Set<PosixFilePermission> permissions,
      PosixFilePermission present,
      PosixFilePermission added) {
    if (permissions.contains(present)) {
      permissions.add(added);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
