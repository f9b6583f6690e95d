package io.yunpipe.aws.s3;

import io.yunpipe.BackendException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one slot holds: markers that are new with it, and those of the slots before it from {@code
 * from} on, so that a reader needs few of them.
 *
 * @param writer who wrote it: another for each try to write
 * @param from the first slot whose markers are in it, too
 * @param split whether the lane ends here and goes on as four
 * @param markers by name
 */
record MarkerPack(String writer, int from, boolean split, Map<String, Value> markers) {
  private static final int MAGIC = 0x594D5031; // YMP1
  private static final int MAX_NAME = 4096;

  /**
   * A marker.
   *
   * @param time when it was written, in milliseconds since 1970
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Value(byte[] bytes, long time) {
    /** Returns a tag: markers never change. */
    String etag() {
      return "m" + Long.toHexString(time) + "-" + bytes.length;
    }
  }

  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeUTF(writer);
      out.writeInt(from);
      out.writeBoolean(split);
      out.writeInt(markers.size());
      for (Map.Entry<String, Value> marker : markers.entrySet()) {
        byte[] name = marker.getKey().getBytes(StandardCharsets.UTF_8);
        out.writeInt(name.length);
        out.write(name);
        out.writeLong(marker.getValue().time());
        out.writeInt(marker.getValue().bytes().length);
        out.write(marker.getValue().bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a slot.
   *
   * @param where its key, for messages
   * @throws BackendException if it is damaged or of a later version
   */
  static MarkerPack decoded(byte[] bytes, String where) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new IOException("it starts with other bytes");
      }
      String writer = in.readUTF();
      int from = in.readInt();
      boolean split = in.readBoolean();
      int count = in.readInt();
      Map<String, Value> markers = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String name = new String(block(in, MAX_NAME), StandardCharsets.UTF_8);
        long time = in.readLong();
        markers.put(name, new Value(block(in, bytes.length), time));
      }
      if (in.read() >= 0) {
        throw new IOException("it has bytes after its end");
      }
      return new MarkerPack(writer, from, split, markers);
    } catch (IOException e) {
      throw new BackendException(
          "Could not read the commit markers in "
              + where
              + ": "
              + e
              + ". If a later version of yunpipe wrote them, update this program.",
          e);
    }
  }

  private static byte[] block(DataInputStream in, int most) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > most) {
      throw new IOException("it is damaged");
    }
    byte[] block = new byte[length];
    in.readFully(block);
    return block;
  }
}
