package io.yunpipe.internal.archive;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.RelativeName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.jspecify.annotations.Nullable;

/**
 * An open zip whose directory was found harmless: every name, type and claimed size. The claims are
 * held against the bytes while {@link #open} is read. Entries may be opened by several threads.
 */
final class CheckedZip implements AutoCloseable {
  private static final Set<Integer> METHODS =
      Set.of(
          ZipMethod.STORED.getCode(),
          ZipMethod.DEFLATED.getCode(),
          ZipMethod.ENHANCED_DEFLATED.getCode(),
          ZipMethod.BZIP2.getCode());
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_FOLDER = 0040000;
  private static final int TYPE_LINK = 0120000;

  private final Path path;
  private final ZipFile zip;
  private final ArchiveLimits limits;
  private final List<ZipArchiveEntry> entries;

  private CheckedZip(Path path, ZipFile zip, ArchiveLimits limits, long size) {
    this.path = path;
    this.zip = zip;
    this.limits = limits;
    this.entries = Collections.list(zip.getEntries());
    checkEntries(size);
  }

  /**
   * Opens a zip and checks its directory.
   *
   * @throws InvalidInputException if it cannot be read, is not a zip, or is refused
   */
  static CheckedZip open(Path path, ArchiveLimits limits) {
    SeekableByteChannel channel = null;
    try {
      FileErrors.requireFile(path, Files.readAttributes(path, BasicFileAttributes.class));
      channel = Files.newByteChannel(path);
      ZipDirectory.check(channel, path, limits);
      ZipFile zip =
          ZipFile.builder().setSeekableByteChannel(channel).setIgnoreLocalFileHeader(true).get();
      CheckedZip checked = new CheckedZip(path, zip, limits, channel.size());
      channel = null;
      return checked;
    } catch (ZipException | EOFException e) {
      throw Refusal.notZip(path, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // How the parser meets some broken records.
      throw Refusal.notZip(path, "its directory of entries is damaged", e);
    } finally {
      closeQuietly(channel);
    }
  }

  /** Returns the entries in the order of the archive. */
  List<ZipArchiveEntry> entries() {
    return entries;
  }

  /** Returns an entry's name without a slash at its end. */
  static String name(ZipArchiveEntry entry) {
    String name = entry.getName();
    return entry.isDirectory() ? name.substring(0, name.length() - 1) : name;
  }

  /** Opens a file's bytes; reading fails where they are not what the directory says. */
  InputStream open(ZipArchiveEntry entry) throws IOException {
    InputStream in;
    try {
      in = zip.getInputStream(entry);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw Refusal.damaged(path, entry.getName(), "cannot be read: " + e.getMessage(), e);
    }
    return new CheckedEntryStream(in, path, entry, limits);
  }

  private void checkEntries(long archiveSize) {
    EntryNames names = new EntryNames(path);
    long total = 0;
    for (ZipArchiveEntry entry : entries) {
      checkName(entry);
      checkType(entry);
      if (!entry.isDirectory()) {
        checkSize(entry, archiveSize);
        total += entry.getSize();
        if (total > limits.maxBytes()) {
          throw Refusal.overLimit(
              path, null, "unpacks to more than the limit of " + limits.maxBytes() + " bytes");
        }
      }
      names.add(name(entry), entry.isDirectory());
    }
    if (limits.tooDense(total, archiveSize)) {
      throw Refusal.overLimit(
          path,
          null,
          "unpacks "
              + archiveSize
              + " bytes to "
              + total
              + ", over the limit on the ratio of "
              + limits.maxRatio());
    }
    checkOverlaps();
  }

  private void checkName(ZipArchiveEntry entry) {
    String shown = entry.getName();
    if (entry.getNameSource() != ZipArchiveEntry.NameSource.UNICODE_EXTRA_FIELD) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(entry.getRawName()));
      } catch (CharacterCodingException e) {
        throw Refusal.unsafe(path, shown, "has a name that is not UTF-8");
      }
    }
    EntryNames.unsafeElsewhere(shown)
        .or(() -> RelativeName.problem(name(entry), limits.maxNameBytes()))
        .ifPresent(
            why -> {
              throw Refusal.unsafe(path, shown, why);
            });
  }

  private void checkType(ZipArchiveEntry entry) {
    // Whatever system the entry says to be from: other programs would obey these bits.
    int type = (int) (entry.getExternalAttributes() >> 16) & TYPE_MASK;
    if (type == TYPE_LINK) {
      throw Refusal.unsafe(path, entry.getName(), "is a link");
    }
    if (type != 0 && type != TYPE_FILE && type != TYPE_FOLDER) {
      throw Refusal.unsafe(path, entry.getName(), "is a device, pipe or socket");
    }
    if (type == TYPE_FOLDER && !entry.isDirectory()) {
      throw Refusal.unsafe(path, entry.getName(), "is marked as a folder but named as a file");
    }
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw Refusal.entry(
          path, entry.getName(), "is encrypted", "Make the archive without a password.", null);
    }
    if (!entry.isDirectory() && !METHODS.contains(entry.getMethod())) {
      throw Refusal.entry(
          path,
          entry.getName(),
          "is packed with method " + entry.getMethod() + ", which is not read here",
          "Make the archive with the usual method, deflate.",
          null);
    }
  }

  private void checkSize(ZipArchiveEntry entry, long archiveSize) {
    long packed = entry.getCompressedSize();
    if (entry.getSize() < 0 || packed < 0 || packed > archiveSize) {
      throw Refusal.damaged(path, entry.getName(), "claims to be larger than the archive", null);
    }
    if (entry.getSize() > limits.maxBytes()) {
      throw Refusal.overLimit(
          path,
          entry.getName(),
          "unpacks to " + entry.getSize() + " bytes, over the limit of " + limits.maxBytes());
    }
    if (limits.tooDense(entry.getSize(), packed)) {
      throw Refusal.overLimit(
          path,
          entry.getName(),
          "unpacks "
              + packed
              + " bytes to "
              + entry.getSize()
              + ", over the limit on the ratio of "
              + limits.maxRatio());
    }
  }

  /** Entries that share packed bytes multiply them; no honest archive does it. */
  private void checkOverlaps() {
    List<ZipArchiveEntry> byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(ZipArchiveEntry::getLocalHeaderOffset));
    long free = 0;
    for (ZipArchiveEntry entry : byPlace) {
      if (entry.getLocalHeaderOffset() < free) {
        throw Refusal.unsafe(path, entry.getName(), "shares its bytes with another entry");
      }
      free =
          entry.getLocalHeaderOffset()
              + LOCAL_HEADER_BYTES
              + Math.max(0, entry.getCompressedSize());
    }
  }

  @Override
  public void close() {
    ZipFile.closeQuietly(zip);
  }

  private static void closeQuietly(@Nullable Channel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written; the failure that led here is the one to tell.
      }
    }
  }
}
