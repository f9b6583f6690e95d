package io.yunpipe.local;

import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where files are written before they get their names. Thread-safe. */
final class StagingArea {
  private static final Logger logger = LoggerFactory.getLogger(StagingArea.class);
  private static final int BUFFER_BYTES = 1 << 17;
  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final Set<StandardOpenOption> NEW =
      EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final Set<PosixFilePermission> READ_ONLY =
      PosixFilePermissions.fromString("r--r--r--");
  private static final FileAttribute<?>[] CREATED_READ_ONLY = {
    PosixFilePermissions.asFileAttribute(READ_ONLY)
  };
  private static final FileAttribute<?>[] AS_USUAL = {};
  private static final AtomicLong LAST_TIME = new AtomicLong();

  private final Path folder;
  private final Disk disk;
  private final boolean posix;
  private final String names = HexFormat.of().toHexDigits(new SecureRandom().nextLong()) + "-";
  private final AtomicLong count = new AtomicLong();
  private final AtomicBoolean swept = new AtomicBoolean();

  StagingArea(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
    this.posix = folder.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** Returns a free name for a file of this area. */
  Path newFile() throws IOException {
    disk.createFolders(folder);
    if (swept.compareAndSet(false, true)) {
      sweep();
    }
    return folder.resolve(names + Long.toString(count.incrementAndGet(), Character.MAX_RADIX));
  }

  /**
   * Takes or copies content, reading it once.
   *
   * @param hash whether to compute the SHA-256
   */
  Staged stage(Content content, boolean hash) throws IOException {
    Path own = content.movable() ? content.file().orElse(null) : null;
    if (own != null && mayBeTaken(own)) {
      return take(own, hash);
    }
    return copy(content, hash);
  }

  /** Copies content, though it could be moved. */
  Staged copy(Content content, boolean hash) throws IOException {
    Path file = newFile();
    try {
      return Disk.uninterrupted(() -> write(content, file, hash));
    } catch (IOException | RuntimeException | Error e) {
      discard(file);
      throw e;
    }
  }

  /** Deletes a file of this area. */
  void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      logger.warn("Left a file that is of no use: file={} reason={}", file, e.toString());
    }
  }

  /**
   * Gives a file a time of its own, so that its tag differs from those of all others even where the
   * file system counts time in coarse steps and uses numbers again.
   */
  void stamp(Path file) throws IOException {
    Instant now = Instant.now();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    long unique = LAST_TIME.updateAndGet(last -> Math.max(last + 1, nanos));
    Files.setLastModifiedTime(file, FileTime.from(unique, TimeUnit.NANOSECONDS));
  }

  /** Returns the SHA-256 of bytes, in lower-case hex. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private Staged write(Content content, Path file, boolean hash) throws IOException {
    Files.deleteIfExists(file); // what an interrupted try has left
    MessageDigest digest = hash ? sha256() : null;
    long size = 0;
    try (InputStream in = content.open();
        FileChannel out = FileChannel.open(file, NEW, posix ? CREATED_READ_ONLY : AS_USUAL)) {
      byte[] buffer = buffer(content.size());
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (digest != null) {
          digest.update(buffer, 0, n);
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        size += n;
      }
      disk.sync(out);
    }
    return new Staged(file, false, size, hex(digest));
  }

  /**
   * Only plain files that nobody can reach under another name; a rename would move a link itself.
   */
  private boolean mayBeTaken(Path file) throws IOException {
    if (!posix || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return ((Number) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)).intValue()
        == 1;
  }

  private Staged take(Path file, boolean hash) throws IOException {
    makeReadOnly(file);
    MessageDigest digest = hash ? sha256() : null;
    long size = Files.size(file);
    if (digest != null) {
      size = 0;
      try (InputStream in = Files.newInputStream(file)) {
        byte[] buffer = buffer(Files.size(file));
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
          size += n;
        }
      }
    }
    Disk.uninterrupted(
        () -> {
          disk.sync(file);
          return true;
        });
    return new Staged(file, true, size, hex(digest));
  }

  private static void makeReadOnly(Path file) throws IOException {
    try {
      Files.setPosixFilePermissions(file, READ_ONLY);
    } catch (FileSystemException e) {
      // Another user's, such as a container's: we can move it, but not change it.
      logger.debug("Left the mode as it is: file={} reason={}", file, e.toString());
    }
  }

  private void sweep() throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        try {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          logger.trace("Somebody else swept it: file={}", file);
        }
      }
    }
  }

  private static byte[] buffer(long size) {
    return new byte[size < 0 ? BUFFER_BYTES : (int) Math.min(BUFFER_BYTES, size + 1)];
  }

  private static String hex(@Nullable MessageDigest digest) {
    return digest == null ? "" : HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
