package io.yunpipe.internal.archive;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Counts the records of a zip's central directory before a library loads them, since what the zip
 * says about their number is not to be trusted and each costs memory. Looks for the directory in
 * the same place as Commons Compress.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64 = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int RECORD = 0x02014b50;
  private static final int RECORD_BYTES = 46;
  private static final int LONGEST_COMMENT = 0xffff;

  /** Names, extra fields and comments are held in memory; honest archives need a tenth of this. */
  private static final long MAX_DIRECTORY_BYTES = 128L << 20;

  private ZipDirectory() {}

  static void check(SeekableByteChannel zip, Path path, ArchiveLimits limits) throws IOException {
    zip.position(start(zip, path));
    // Not closed: that would close the channel.
    InputStream in = new BufferedInputStream(Channels.newInputStream(zip), 1 << 16);
    long entries = 0;
    long bytes = 0;
    while (true) {
      ByteBuffer head = ByteBuffer.wrap(in.readNBytes(RECORD_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      if (head.remaining() < RECORD_BYTES || head.getInt(0) != RECORD) {
        return;
      }
      if (++entries > limits.maxEntries()) {
        throw Refusal.overLimit(
            path, null, "has more entries than the limit of " + limits.maxEntries());
      }
      int name = Short.toUnsignedInt(head.getShort(28));
      if (name > limits.maxNameBytes()) {
        byte[] shown = in.readNBytes(64);
        throw Refusal.overLimit(
            path,
            new String(shown, StandardCharsets.UTF_8) + "…",
            "has a name of " + name + " bytes, of at most " + limits.maxNameBytes());
      }
      int rest =
          name + Short.toUnsignedInt(head.getShort(30)) + Short.toUnsignedInt(head.getShort(32));
      bytes += RECORD_BYTES + rest;
      if (bytes > MAX_DIRECTORY_BYTES) {
        throw Refusal.overLimit(
            path, null, "has a directory of more than " + MAX_DIRECTORY_BYTES + " bytes");
      }
      in.skipNBytes(rest);
    }
  }

  private static long start(SeekableByteChannel zip, Path path) throws IOException {
    long size = zip.size();
    int tailBytes = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
    ByteBuffer tail = read(zip, size - tailBytes, tailBytes);
    for (int at = tailBytes - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END) {
        long end = size - tailBytes + at;
        long locator = end - END64_LOCATOR_BYTES;
        if (locator >= 0) {
          ByteBuffer buffer = read(zip, locator, END64_LOCATOR_BYTES);
          if (buffer.getInt(0) == END64_LOCATOR) {
            return start64(zip, path, buffer.getLong(8));
          }
        }
        long directoryBytes = Integer.toUnsignedLong(tail.getInt(at + 12));
        long directoryAt = Integer.toUnsignedLong(tail.getInt(at + 16));
        // Something may have been put before the zip, such as a program that unpacks it.
        return Math.max(directoryAt, end - directoryBytes);
      }
    }
    throw Refusal.notZip(path, "it has no directory of entries at its end", null);
  }

  private static long start64(SeekableByteChannel zip, Path path, long end64) throws IOException {
    if (end64 < 0 || end64 > zip.size() - END64_BYTES) {
      throw Refusal.notZip(path, "its directory of entries lies outside the file", null);
    }
    ByteBuffer buffer = read(zip, end64, END64_BYTES);
    long start = buffer.getLong(48);
    if (buffer.getInt(0) != END64 || start < 0 || start > zip.size()) {
      throw Refusal.notZip(path, "its directory of entries lies outside the file", null);
    }
    return start;
  }

  private static ByteBuffer read(SeekableByteChannel zip, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    zip.position(at);
    while (buffer.hasRemaining()) {
      if (zip.read(buffer) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
    return buffer.flip();
  }
}
