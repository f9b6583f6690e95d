package io.yunpipe.internal.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zips byte by byte, so that they can lie in every field. */
final class RawZip {
  private final List<Header> records = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** One entry; fields are what the directory says. */
  static final class Header {
    byte[] name;
    int flags = 1 << 11;
    int method;
    long crc;
    long packed;
    long size;
    int unixMode = 0100644;
    int madeBy = 3 << 8 | 20;
    long offset;

    Header flags(int value) {
      flags = value;
      return this;
    }

    Header method(int value) {
      method = value;
      return this;
    }

    Header size(long value) {
      size = value;
      return this;
    }

    Header packed(long value) {
      packed = value;
      return this;
    }

    Header crc(long value) {
      crc = value;
      return this;
    }

    Header mode(int value) {
      unixMode = value;
      return this;
    }

    Header madeBy(int value) {
      madeBy = value;
      return this;
    }

    Header offset(long value) {
      offset = value;
      return this;
    }
  }

  Header stored(String name, String text) {
    return stored(name.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
  }

  Header stored(byte[] name, byte[] bytes) {
    return add(name, 0, bytes, bytes);
  }

  Header deflated(String name, byte[] bytes) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return add(name.getBytes(StandardCharsets.UTF_8), 8, bytes, packed.toByteArray());
  }

  /** An entry in the directory alone; set its offset. */
  Header directoryOnly(String name, Header like) {
    Header record = new Header();
    record.name = name.getBytes(StandardCharsets.UTF_8);
    record.method = like.method;
    record.crc = like.crc;
    record.packed = like.packed;
    record.size = like.size;
    record.offset = like.offset;
    records.add(record);
    return record;
  }

  private Header add(byte[] name, int method, byte[] bytes, byte[] packed) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    Header record = new Header();
    record.name = name;
    record.method = method;
    record.crc = crc.getValue();
    record.size = bytes.length;
    record.packed = packed.length;
    record.offset = body.size();
    ByteBuffer head = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x04034b50).putShort((short) 20).putShort((short) record.flags);
    head.putShort((short) method).putInt(0).putInt((int) record.crc);
    head.putInt(packed.length).putInt(bytes.length);
    head.putShort((short) name.length).putShort((short) 0);
    body.writeBytes(head.array());
    body.writeBytes(name);
    body.writeBytes(packed);
    records.add(record);
    return record;
  }

  Path write(Path file) {
    return write(file, records.size());
  }

  /** Writes the zip with a number of entries at its end that need not be true. */
  Path write(Path file, int claimedEntries) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(body.toByteArray());
    int start = all.size();
    for (Header record : records) {
      ByteBuffer head = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
      head.putInt(0x02014b50).putShort((short) record.madeBy).putShort((short) 20);
      head.putShort((short) record.flags).putShort((short) record.method).putInt(0);
      head.putInt((int) record.crc).putInt((int) record.packed).putInt((int) record.size);
      head.putShort((short) record.name.length).putShort((short) 0).putShort((short) 0);
      head.putShort((short) 0).putShort((short) 0).putInt(record.unixMode << 16);
      head.putInt((int) record.offset);
      all.writeBytes(head.array());
      all.writeBytes(record.name);
    }
    ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(0x06054b50).putInt(0).putShort((short) claimedEntries);
    end.putShort((short) claimedEntries).putInt(all.size() - start).putInt(start);
    all.writeBytes(end.array());
    try {
      return Files.write(file, all.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
