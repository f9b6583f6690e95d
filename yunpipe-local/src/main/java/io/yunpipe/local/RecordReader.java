package io.yunpipe.local;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads single records of files whose bytes never change, some ahead at a time. */
final class RecordReader {
  private final int ahead;
  private byte[] bytes;
  private @Nullable LogFile file;
  private long from;
  private int filled;

  /** A record; its buffer holds the payload and is valid until the next one is read. */
  record View(int kind, long after, ByteBuffer buffer) {}

  RecordReader(int ahead) {
    this.ahead = ahead;
    this.bytes = new byte[0];
  }

  /**
   * Reads the record at an offset.
   *
   * @param limit the offset where the file's trusted part ends
   * @return null if there is no intact record
   */
  @Nullable View at(LogFile source, long offset, long limit) {
    if (!ensure(source, offset, RecordBuffer.HEAD, limit)) {
      return null;
    }
    int size = ByteBuffer.wrap(bytes).getInt((int) (offset - from)) + RecordBuffer.FRAME;
    if (size < RecordBuffer.HEAD
        || size > RecordBuffer.MAX_RECORD
        || !ensure(source, offset, size, limit)) {
      return null;
    }
    int start = (int) (offset - from);
    ByteBuffer record = ByteBuffer.wrap(bytes, start, size);
    int covered = start + RecordBuffer.FRAME;
    int crc = RecordBuffer.crc(source.number(), offset, bytes, covered, size - RecordBuffer.FRAME);
    if (record.getInt(start + 4) != crc) {
      forget(source); // what was read may have been half written by somebody who was killed
      return null;
    }
    record.position(start + RecordBuffer.HEAD);
    return new View(record.get(covered), offset + size, record);
  }

  private boolean ensure(LogFile source, long offset, int size, long limit) {
    if (file == source && offset >= from && offset + size <= from + filled) {
      return true;
    }
    if (offset + size > limit) {
      return false;
    }
    int wanted = (int) Math.min(Math.max(size, ahead), limit - offset);
    if (bytes.length < wanted) {
      bytes = new byte[wanted];
    }
    filled = source.read(offset, bytes, wanted);
    from = offset;
    file = source;
    return filled >= size;
  }

  void forget(LogFile source) {
    if (file == source) {
      file = null;
      filled = 0;
    }
  }
}
