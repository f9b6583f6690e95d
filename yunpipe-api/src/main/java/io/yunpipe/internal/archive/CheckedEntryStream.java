package io.yunpipe.internal.archive;

import io.yunpipe.InvalidInputException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * An entry's bytes; fails as soon as there are more than claimed, and at the end if they differ.
 */
final class CheckedEntryStream extends FilterInputStream {
  private final Path zip;
  private final ZipArchiveEntry entry;
  private final ArchiveLimits limits;
  private final CRC32 crc = new CRC32();
  private long read;

  CheckedEntryStream(InputStream in, Path zip, ZipArchiveEntry entry, ArchiveLimits limits) {
    super(in);
    this.zip = zip;
    this.entry = entry;
    this.limits = limits;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count;
    try {
      count = super.read(bytes, offset, length);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Decoders of hostile bytes fail in many ways.
      throw Refusal.damaged(
          zip,
          entry.getName(),
          e instanceof EOFException ? "ends too early" : "is damaged: " + e.getMessage(),
          e);
    }
    if (count < 0) {
      checkEnd();
      return -1;
    }
    crc.update(bytes, offset, count);
    read += count;
    checkCount();
    return count;
  }

  private void checkCount() {
    if (read > entry.getSize()) {
      throw damaged("unpacks to more than the " + entry.getSize() + " bytes that it claims");
    }
    if (limits.tooDense(read, entry.getCompressedSize())) {
      throw Refusal.overLimit(
          zip, entry.getName(), "is over the limit on the ratio of " + limits.maxRatio());
    }
  }

  private void checkEnd() {
    if (read != entry.getSize()) {
      throw damaged("has " + read + " bytes, not the " + entry.getSize() + " that it claims");
    }
    if (crc.getValue() != entry.getCrc()) {
      throw damaged("does not match its checksum");
    }
  }

  private InvalidInputException damaged(String why) {
    return Refusal.damaged(zip, entry.getName(), why, null);
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = 0;
    byte[] buffer = new byte[(int) Math.min(8192, Math.max(1, count))];
    while (skipped < count) {
      int now = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
      if (now < 0) {
        break;
      }
      skipped += now;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
