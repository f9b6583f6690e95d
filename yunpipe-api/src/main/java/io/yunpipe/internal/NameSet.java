package io.yunpipe.internal;

/** Tells names seen from new ones by 64 bits of each: 16 bytes a name at most, no string is kept. */
final class NameSet {
  private long[] slots = new long[1024];
  private int size;

  /** Adds a name; returns whether it is new. */
  boolean add(String name) {
    if (size * 2 >= slots.length) {
      grow();
    }
    if (!insert(slots, hash(name))) {
      return false;
    }
    size++;
    return true;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private void grow() {
    long[] wider = new long[slots.length * 2];
    for (long hash : slots) {
      if (hash != 0) {
        insert(wider, hash);
      }
    }
    slots = wider;
  }

  private static boolean insert(long[] into, long hash) {
    int mask = into.length - 1;
    int at = (int) hash & mask;
    while (into[at] != 0) {
      if (into[at] == hash) {
        return false;
      }
      at = (at + 1) & mask;
    }
    into[at] = hash;
    return true;
  }

  /** 64-bit FNV-1a over the characters, then the finalizer of MurmurHash3. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return hash == 0 ? 1 : hash;
  }
}
