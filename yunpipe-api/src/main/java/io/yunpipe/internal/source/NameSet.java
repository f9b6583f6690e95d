package io.yunpipe.internal.source;

/**
 * Remembers names by 64-bit hashes: 11 to 22 bytes each. Two different ones of a million are taken
 * for one with a chance of 1 in 37 million.
 */
public final class NameSet {
  private final LongSet hashes = new LongSet();

  /** Creates an empty set. */
  public NameSet() {}

  /** Adds a name; returns false if it was there. */
  public boolean add(String name) {
    return hashes.add(hash(name));
  }

  /** Returns whether a name was added. */
  public boolean contains(String name) {
    return hashes.contains(hash(name));
  }

  private static long hash(String name) {
    long hash = 0x9e3779b97f4a7c15L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0xff51afd7ed558ccdL;
      hash ^= hash >>> 32;
    }
    hash *= 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 29);
  }
}
