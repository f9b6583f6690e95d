package io.yunpipe.internal.source;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/** A set of 64-bit hashes: 11 to 22 bytes each. Not thread-safe. */
public final class LongSet {
  private long[] table = new long[64];
  private int size;

  /** Creates an empty set. */
  public LongSet() {}

  /** Returns the set that {@link #bytes()} wrote. */
  public static LongSet of(byte[] bytes) {
    LongSet set = new LongSet();
    LongBuffer values = ByteBuffer.wrap(bytes).asLongBuffer();
    while (values.hasRemaining()) {
      set.add(values.get());
    }
    return set;
  }

  /** Adds all of another set. */
  public void addAll(LongSet other) {
    for (long each : other.table) {
      if (each != 0) {
        add(each);
      }
    }
  }

  /** Adds a hash; returns false if it was there. */
  public boolean add(long hash) {
    if (size * 3L >= table.length * 2L) {
      long[] old = table;
      table = new long[old.length * 2];
      for (long each : old) {
        if (each != 0) {
          table[place(each)] = each;
        }
      }
    }
    long stored = stored(hash);
    int at = place(stored);
    if (table[at] == stored) {
      return false;
    }
    table[at] = stored;
    size++;
    return true;
  }

  /** Returns whether a hash is in the set. */
  public boolean contains(long hash) {
    long stored = stored(hash);
    return table[place(stored)] == stored;
  }

  /** Returns how many there are. */
  public int size() {
    return size;
  }

  /** Returns all hashes, 8 bytes each, in no promised order. */
  public byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
    for (long each : table) {
      if (each != 0) {
        bytes.putLong(each);
      }
    }
    return bytes.array();
  }

  /** Zero marks a free place. */
  private static long stored(long hash) {
    return hash == 0 ? 1 : hash;
  }

  /** Returns where a hash is, or the free place where it would be. */
  private int place(long hash) {
    int mask = table.length - 1;
    int at = (int) (hash ^ (hash >>> 32)) & mask;
    while (table[at] != 0 && table[at] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
