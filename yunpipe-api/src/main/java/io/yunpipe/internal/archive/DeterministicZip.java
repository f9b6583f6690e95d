package io.yunpipe.internal.archive;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import io.yunpipe.internal.files.SortedTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Zips a folder so that the same tree gives the same bytes on every machine and JDK: entries in
 * order of their names' UTF-8 bytes, one time stamp for all, permissions 644, or 755 for programs
 * and folders. Hidden files and empty folders are taken, owners and times are not. Links are
 * refused, since what they lead to differs between machines; so are names that {@link SafeUnzip}
 * would refuse.
 *
 * <p>Files are stored, not deflated: the zlib that a JDK brings or finds differs from build to
 * build, and with it the packed bytes.
 */
public final class DeterministicZip {
  private static final LocalDateTime STAMP = LocalDateTime.of(1980, 2, 1, 12, 0);
  private static final int FOLDER = 0040755;
  private static final int FILE = 0100644;
  private static final int PROGRAM = 0100755;
  private static final int BUFFER = 1 << 16;

  private DeterministicZip() {}

  /**
   * Zips a folder into a file, which appears whole or not at all and replaces what was there.
   *
   * @param folder what is zipped; names in the zip are below it
   * @param zip where to; must not lie in the folder
   * @throws InvalidInputException if the folder cannot be read, changes meanwhile, or has links or
   *     names that are refused
   * @throws BackendException if the zip cannot be written
   */
  public static void write(Path folder, Path zip) {
    Path target = zip.toAbsolutePath().normalize();
    if (target.startsWith(folder.toAbsolutePath().normalize())) {
      throw new InvalidInputException(
          "Could not zip "
              + Quoted.of(folder)
              + " into "
              + Quoted.of(zip)
              + ": the zip would hold itself. Write it outside of the folder.");
    }
    Path fresh = target.resolveSibling(".zip-" + UUID.randomUUID());
    try {
      try {
        try (OutputStream out = Files.newOutputStream(fresh)) {
          write(folder, out);
        }
        Files.move(
            fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new BackendException(
          "Could not zip "
              + Quoted.of(folder)
              + " into "
              + Quoted.of(target)
              + ": "
              + FileErrors.reason(e)
              + ". Check the folder of the zip and its disk.",
          e);
    }
  }

  /**
   * Zips a folder into a stream, which is flushed and left open.
   *
   * @throws IOException if the stream fails
   * @throws InvalidInputException as {@link #write(Path, Path)}
   */
  public static void write(Path folder, OutputStream out) throws IOException {
    SortedTree tree = new SortedTree(folder, true, Integer.MAX_VALUE);
    // Not closed: that would close the stream.
    ZipArchiveOutputStream zip = new ZipArchiveOutputStream(new BufferedOutputStream(out, BUFFER));
    zip.setEncoding("UTF-8");
    zip.setUseZip64(Zip64Mode.AsNeeded);
    for (SortedTree.Entry entry = tree.next(); entry != null; entry = tree.next()) {
      if (entry.problem() != null) {
        throw entry.problem();
      }
      checkName(entry);
      add(entry, zip);
    }
    zip.finish();
    zip.flush();
  }

  private static void checkName(SortedTree.Entry entry) {
    EntryNames.unsafeElsewhere(entry.name())
        .or(() -> RelativeName.problem(entry.name(), RelativeName.MAX_BYTES))
        .ifPresent(
            why -> {
              throw new InvalidInputException(
                  "Could not zip "
                      + Quoted.of(entry.path())
                      + ": its name "
                      + why
                      + ". Rename it.");
            });
  }

  private static void add(SortedTree.Entry entry, ZipArchiveOutputStream zip) throws IOException {
    ZipArchiveEntry header = new ZipArchiveEntry(entry.name() + (entry.folder() ? "/" : ""));
    // A zip holds local time, so that one instant would differ between time zones.
    header.setTime(STAMP.atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
    header.setMethod(ZipEntry.STORED);
    header.setUnixMode(entry.folder() ? FOLDER : mode(entry.path()));
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    // The sizes come before the bytes in a zip that is written as a stream, so files are read
    // twice.
    header.setSize(entry.folder() ? 0 : copy(entry.path(), sum));
    header.setCrc(sum.getChecksum().getValue());
    zip.putArchiveEntry(header);
    try {
      if (!entry.folder()) {
        copy(entry.path(), zip);
      }
      zip.closeArchiveEntry();
    } catch (ZipException e) {
      throw new InvalidInputException(
          "Could not zip "
              + Quoted.of(entry.path())
              + ": it changed while it was read. Zip again when nothing writes to it any more.",
          e);
    }
  }

  private static int mode(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        throw new InvalidInputException(
            "Could not zip "
                + Quoted.of(file)
                + ": it is a link. Put what it leads to in its place, or take it out.");
      }
      FileErrors.requireFile(file, attributes);
      PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      Set<PosixFilePermission> permissions =
          view == null ? Set.of() : view.readAttributes().permissions();
      return permissions.contains(PosixFilePermission.OWNER_EXECUTE) ? PROGRAM : FILE;
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  private static long copy(Path file, OutputStream out) throws IOException {
    long size = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = open(file)) {
      for (int count = read(in, buffer, file); count >= 0; count = read(in, buffer, file)) {
        out.write(buffer, 0, count);
        size += count;
      }
    }
    return size;
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  private static int read(InputStream in, byte[] buffer, Path file) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }
}
