package io.yunpipe.wrap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names in a tar from a stranger. Libraries keep headers of any length in memory; here
 * everything is bounded, and names are never made paths.
 */
final class TarReader {
  private static final int BLOCK = 512;
  private static final int MAX_NAME = 64 << 10;
  private static final int MAX_PAX = 1 << 20;

  /** A pebibyte; sums of sizes stay numbers. */
  private static final long MAX_SIZE = 1L << 50;

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private long position;
  private long left;
  private long padding;

  /**
   * An entry.
   *
   * @param name as it is written
   * @param type of the format, such as {@code '5'} for a folder
   * @param link what a link points to; may be empty
   * @param size bytes of its contents
   * @param offset where its contents begin
   */
  record Entry(String name, char type, String link, long size, long offset) {
    boolean file() {
      return type == '0' || type == '\0' || type == '7' || type == 'S';
    }

    boolean folder() {
      return type == '5' || (file() && name.endsWith("/"));
    }

    boolean symbolicLink() {
      return type == '2';
    }

    boolean hardLink() {
      return type == '1';
    }
  }

  TarReader(InputStream in) {
    this.in = in;
  }

  /** Returns the next entry; empty at the end. */
  Optional<Entry> next() throws IOException {
    @Nullable String name = null;
    @Nullable String link = null;
    long size = -1;
    while (true) {
      skip(left + padding);
      left = 0;
      padding = 0;
      if (!block() || zero()) {
        return Optional.empty();
      }
      checkSum();
      long stated = checked(number(124, 12));
      char type = (char) header[156];
      left = stated;
      padding = (BLOCK - stated % BLOCK) % BLOCK;
      switch (type) {
        case 'L' -> name = text(bytes(MAX_NAME), 0, MAX_NAME);
        case 'K' -> link = text(bytes(MAX_NAME), 0, MAX_NAME);
        case 'x' -> {
          Pax pax = Pax.of(bytes(MAX_PAX));
          name = pax.path == null ? name : pax.path;
          link = pax.link == null ? link : pax.link;
          size = pax.size;
        }
        case 'g' -> bytes(MAX_PAX);
        default -> {
          if (size >= 0) {
            left = size;
            padding = (BLOCK - size % BLOCK) % BLOCK;
          }
          String named = name == null ? shortName() : name;
          String linked = link == null ? text(header, 157, 100) : link;
          if (type == 'S') {
            skipSparseMap();
          }
          if (type == '1' || type == '2' || type == '5') {
            // Some writers state the size of what a link points to.
            left = 0;
            padding = 0;
          }
          return Optional.of(new Entry(named, type, linked, left, position));
        }
      }
    }
  }

  /** Where a file's holes are stands before its contents if the header has no room for it. */
  private void skipSparseMap() throws IOException {
    boolean more = header[482] != 0;
    while (more) {
      if (!block()) {
        throw new EOFException("it ends in the middle of an entry");
      }
      more = header[504] != 0;
    }
  }

  private static long checked(long stated) throws IOException {
    if (stated < 0 || stated > MAX_SIZE) {
      throw new IOException("a size is beyond reason");
    }
    return stated;
  }

  /** Returns the contents of the entry, at most some bytes. */
  byte[] contents(int most) throws IOException {
    return bytes(most);
  }

  private byte[] bytes(int most) throws IOException {
    if (left > most) {
      throw new IOException("a header or file has " + left + " bytes, more than " + most);
    }
    byte[] bytes = in.readNBytes((int) left);
    position += bytes.length;
    if (bytes.length < left) {
      throw new EOFException("it ends in the middle of an entry");
    }
    left = 0;
    return bytes;
  }

  private String shortName() {
    String name = text(header, 0, 100);
    boolean posix = text(header, 257, 5).equals("ustar") && header[262] == 0;
    String prefix = posix ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private boolean block() throws IOException {
    int n = in.readNBytes(header, 0, BLOCK);
    position += n;
    if (n > 0 && n < BLOCK) {
      throw new EOFException("it ends in the middle of a header");
    }
    return n == BLOCK;
  }

  private boolean zero() {
    for (byte one : header) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }

  private void checkSum() throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(148, 8)) {
      throw new IOException("it is no tar, or damaged: a header's checksum is wrong");
    }
  }

  /** Octal digits, or base 256 if the first bit is set. */
  private long number(int from, int length) throws IOException {
    if ((header[from] & 0x80) != 0) {
      long value = header[from] & 0x7f;
      for (int i = from + 1; i < from + length; i++) {
        if (value >>> 54 != 0) {
          throw new IOException("a number is too large");
        }
        value = (value << 8) | (header[i] & 0xff);
      }
      return value;
    }
    String digits = text(header, from, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException(
          "it is no tar, or damaged: a header has no number where one must be", e);
    }
  }

  static String text(byte[] bytes, int from, int length) {
    int end = from;
    int most = Math.min(bytes.length, from + length);
    while (end < most && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  private void skip(long count) throws IOException {
    long done = 0;
    while (done < count) {
      long n = in.skip(count - done);
      if (n <= 0) {
        if (in.read() < 0) {
          throw new EOFException("it ends in the middle of an entry");
        }
        n = 1;
      }
      done += n;
    }
    position += count;
  }

  /** What a POSIX header says of the next entry. */
  private record Pax(@Nullable String path, @Nullable String link, long size) {
    static Pax of(byte[] bytes) throws IOException {
      @Nullable String path = null;
      @Nullable String link = null;
      @Nullable String sparse = null;
      long size = -1;
      int at = 0;
      while (at < bytes.length && bytes[at] != 0) {
        int blank = at;
        while (blank < bytes.length && bytes[blank] != ' ') {
          blank++;
        }
        try {
          int length = Integer.parseInt(text(bytes, at, blank - at));
          int end = at + length;
          if (length <= blank - at || length > bytes.length - at) {
            throw new IOException("an extended header is damaged");
          }
          String record = text(bytes, blank + 1, end - blank - 2);
          int equals = record.indexOf('=');
          String value = record.substring(equals + 1);
          switch (equals < 0 ? "" : record.substring(0, equals)) {
            case "path" -> path = value;
            case "GNU.sparse.name" -> sparse = value;
            case "linkpath" -> link = value;
            case "size" -> size = checked(Long.parseLong(value));
            default -> {}
          }
          at = end;
        } catch (NumberFormatException e) {
          throw new IOException("an extended header is damaged", e);
        }
      }
      return new Pax(sparse == null ? path : sparse, link, size);
    }
  }
}
