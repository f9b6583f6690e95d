package io.yunpipe.local;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Records on their way into a {@link LogFile}. A record is {@code length, crc, kind, synced,
 * payload}: the length of what follows the crc, a CRC-32C of that mixed with the record's place (so
 * that a record copied elsewhere is none), a kind, how much of the file was known to be on the disk
 * when it was written, and what the kind says.
 */
final class RecordBuffer {
  /** Bytes before the part that the crc covers. */
  static final int FRAME = 8;

  /** Bytes before the payload. */
  static final int HEAD = FRAME + 5;

  /** Longest record, payload and all. */
  static final int MAX_RECORD = 1 << 20;

  private static final int KEEP = 1 << 20;

  private ByteBuffer buffer = ByteBuffer.allocate(8192);
  private int start;
  private int number;
  private long base;

  /** Starts a new series of records that will be written to a place in a file. */
  RecordBuffer reset(LogFile file) {
    if (buffer.capacity() > 2 * KEEP) {
      buffer = ByteBuffer.allocate(8192);
    }
    buffer.clear();
    number = file.number();
    base = file.end();
    return this;
  }

  RecordBuffer begin(int kind, long synced) {
    start = buffer.position();
    room(HEAD);
    buffer.position(start + FRAME);
    buffer.put((byte) kind).putInt((int) synced);
    return this;
  }

  RecordBuffer putInt(int value) {
    room(Integer.BYTES);
    buffer.putInt(value);
    return this;
  }

  RecordBuffer putLong(long value) {
    room(Long.BYTES);
    buffer.putLong(value);
    return this;
  }

  RecordBuffer put(byte[] bytes) {
    room(bytes.length);
    buffer.put(bytes);
    return this;
  }

  /** Finishes the record; returns its offset in the file. */
  long end() {
    int length = buffer.position() - start - FRAME;
    long offset = base + start;
    buffer.putInt(start, length);
    buffer.putInt(start + 4, crc(number, offset, buffer.array(), start + FRAME, length));
    return offset;
  }

  /** Calls back for each record, as a scan of the file would. */
  void forEach(LogFile.Visitor visitor) {
    int position = 0;
    while (position < buffer.position()) {
      int length = buffer.getInt(position);
      ByteBuffer payload =
          ByteBuffer.wrap(buffer.array(), position + HEAD, length - (HEAD - FRAME));
      visitor.record(buffer.get(position + FRAME), base + position, payload);
      position += FRAME + length;
    }
  }

  byte[] array() {
    return buffer.array();
  }

  int size() {
    return buffer.position();
  }

  boolean isFull() {
    return buffer.position() >= KEEP;
  }

  static int crc(int number, long offset, byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    long place = number * 0x9E3779B97F4A7C15L + offset * 0xC2B2AE3D27D4EB4FL;
    return (int) crc.getValue() ^ (int) (place >>> 32);
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
      ByteBuffer larger = ByteBuffer.allocate(needed);
      buffer.flip();
      larger.put(buffer);
      buffer = larger;
    }
  }
}
