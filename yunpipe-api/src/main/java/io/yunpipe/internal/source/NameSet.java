package io.yunpipe.internal.source;

/**
 * Remembers names by 64-bit hashes: 11 to 22 bytes each. Two different ones of a million are taken
 * for one with a chance of 1 in 37 million.
 */
public final class NameSet {
  private long[] table = new long[64];
  private int size;

  /** Creates an empty set. */
  public NameSet() {}

  /** Adds a name; returns false if it was there. */
  public boolean add(String name) {
    if (size * 3L >= table.length * 2L) {
      long[] old = table;
      table = new long[old.length * 2];
      for (long hash : old) {
        if (hash != 0) {
          insert(hash);
        }
      }
    }
    if (insert(hash(name))) {
      size++;
      return true;
    }
    return false;
  }

  private boolean insert(long hash) {
    int mask = table.length - 1;
    int at = (int) hash & mask;
    while (table[at] != 0) {
      if (table[at] == hash) {
        return false;
      }
      at = (at + 1) & mask;
    }
    table[at] = hash;
    return true;
  }

  private static long hash(String name) {
    long hash = 0x9e3779b97f4a7c15L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0xff51afd7ed558ccdL;
      hash ^= hash >>> 32;
    }
    hash *= 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 29;
    return hash == 0 ? 1 : hash;
  }
}
