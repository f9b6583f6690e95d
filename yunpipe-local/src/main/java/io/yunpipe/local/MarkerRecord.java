package io.yunpipe.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunpipe.internal.Json;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of a marker file: {@code {"crc":"0a1b2c3d","key":"…","at":1790000000000,"value":{…}}}.
 *
 * <p>The CRC-32C is of all bytes between its comma and the end of the line. A value that is not an
 * object on one line stands as {@code "base64":"…"}; {@code "deleted":true} says that the key is
 * free again. The last line of a key counts.
 *
 * @param name the key's last part
 * @param offset where in the file the line starts
 * @param length the line's bytes, without its end
 * @param valueStart where in the line the value starts
 * @param valueEnd where in the line it ends
 * @param size the value's bytes; -1 if deleted
 * @param at when it was written, in ms since 1970
 * @param crc the line's check
 */
record MarkerRecord(
    String name,
    long offset,
    int length,
    int valueStart,
    int valueEnd,
    int size,
    long at,
    int crc) {
  private static final byte[] CRC = "{\"crc\":\"".getBytes(UTF_8);
  private static final byte[] KEY = "\"key\":".getBytes(UTF_8);
  private static final byte[] AT = ",\"at\":".getBytes(UTF_8);
  private static final byte[] VALUE = ",\"value\":".getBytes(UTF_8);
  private static final byte[] BASE64 = ",\"base64\":\"".getBytes(UTF_8);
  private static final byte[] DELETED = ",\"deleted\":true".getBytes(UTF_8);
  private static final int CHECKED_FROM = CRC.length + 8 + 2;
  private static final int DELETED_SIZE = -1;

  boolean deleted() {
    return size == DELETED_SIZE;
  }

  /**
   * Returns a line, with its end.
   *
   * @param value null if the key is free again
   */
  static byte[] line(String name, long at, byte @Nullable [] value) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(80 + name.length() + (value == null ? 0 : value.length));
    out.writeBytes(CRC);
    out.writeBytes("00000000\",".getBytes(UTF_8));
    out.writeBytes(KEY);
    out.writeBytes(Json.bytes(name));
    out.writeBytes(AT);
    out.writeBytes(Long.toString(at).getBytes(UTF_8));
    if (value == null) {
      out.writeBytes(DELETED);
    } else if (isObjectOnOneLine(value)) {
      out.writeBytes(VALUE);
      out.writeBytes(value);
    } else {
      out.writeBytes(BASE64);
      out.writeBytes(Base64.getEncoder().encode(value));
      out.write('"');
    }
    out.write('}');
    out.write('\n');
    byte[] line = out.toByteArray();
    byte[] crc = HexFormat.of().toHexDigits(crc(line, 0, line.length - 1)).getBytes(UTF_8);
    System.arraycopy(crc, 0, line, CRC.length, crc.length);
    return line;
  }

  /**
   * Reads a line without its end, or returns null if it is not whole.
   *
   * @param offset where in the file the line starts
   */
  static @Nullable MarkerRecord parse(byte[] bytes, int start, int end, long offset) {
    if (end - start <= CHECKED_FROM || !startsWith(bytes, start, end, CRC)) {
      return null;
    }
    int crc = crc(bytes, start, end);
    String expected = HexFormat.of().toHexDigits(crc) + "\",";
    if (!startsWith(bytes, start + CRC.length, end, expected.getBytes(UTF_8))) {
      return null;
    }
    // From here on the line is as it was written, so this is about its meaning only.
    int key = start + CHECKED_FROM + KEY.length;
    int keyEnd = stringEnd(bytes, key);
    int at = keyEnd + AT.length;
    int atEnd = at;
    long time = 0;
    while (bytes[atEnd] >= '0' && bytes[atEnd] <= '9') {
      time = 10 * time + bytes[atEnd++] - '0';
    }
    String name = string(bytes, key, keyEnd);
    int length = end - start;
    if (startsWith(bytes, atEnd, end, VALUE)) {
      int from = atEnd + VALUE.length - start;
      return new MarkerRecord(name, offset, length, from, length - 1, length - 1 - from, time, crc);
    }
    if (startsWith(bytes, atEnd, end, BASE64)) {
      int from = atEnd + BASE64.length - start;
      int to = length - 2;
      int padding = to == from || bytes[end - 3] != '=' ? 0 : bytes[end - 4] != '=' ? 1 : 2;
      int size = (to - from) / 4 * 3 - padding;
      return new MarkerRecord(name, offset, length, from, to, size, time, crc);
    }
    return new MarkerRecord(name, offset, length, 0, 0, DELETED_SIZE, time, crc);
  }

  /** Returns what changes with every replacement. */
  String etag() {
    return Long.toHexString(offset) + "-" + HexFormat.of().toHexDigits(crc);
  }

  /** Returns the value from the line that this was read from. */
  byte[] value(byte[] line) {
    byte[] value = Arrays.copyOfRange(line, valueStart, valueEnd);
    return value.length == size ? value : Base64.getDecoder().decode(value);
  }

  private static boolean isObjectOnOneLine(byte[] value) {
    if (value.length < 2 || value[0] != '{' || value[value.length - 1] != '}') {
      return false;
    }
    for (byte b : value) {
      if (b >= 0 && b < ' ') {
        return false;
      }
    }
    return true;
  }

  private static int crc(byte[] bytes, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start + CHECKED_FROM, end - start - CHECKED_FROM);
    return (int) crc.getValue();
  }

  private static boolean startsWith(byte[] bytes, int start, int end, byte[] what) {
    return start + what.length <= end
        && Arrays.equals(bytes, start, start + what.length, what, 0, what.length);
  }

  /** Returns the offset after a JSON string's closing quote. */
  private static int stringEnd(byte[] bytes, int start) {
    int i = start + 1;
    while (bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  private static String string(byte[] bytes, int start, int end) {
    String json = new String(bytes, start, end - start, UTF_8);
    return json.indexOf('\\') < 0
        ? json.substring(1, json.length() - 1)
        : Json.read(json, String.class, "a marker's key");
  }
}
