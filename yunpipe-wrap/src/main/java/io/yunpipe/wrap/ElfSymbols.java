package io.yunpipe.wrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * Takes names for debuggers out of programs and libraries. No program needs them to run, and in a
 * virtual machine's library they are 1.5 MB, compressed.
 */
final class ElfSymbols {
  private static final int SYMBOLS = 2;
  private static final int NAMES = 3;
  private static final long LOADED = 2;
  private static final int HEADER = 64;
  private static final int SECTION = 64;

  private final ByteBuffer file;

  private ElfSymbols(byte[] bytes) {
    this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Makes zeros of a file's symbols; a file of another kind stays as it is. */
  static void blank(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (new ElfSymbols(bytes).blank()) {
      Path made = file.resolveSibling(file.getFileName() + ".made");
      Files.write(made, bytes);
      Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private boolean blank() {
    if (!isElf()) {
      return false;
    }
    long sections = file.getLong(0x28);
    int count = file.getShort(0x3c) & 0xffff;
    boolean fits =
        (file.getShort(0x3a) & 0xffff) == SECTION && within(sections, (long) count * SECTION);
    boolean done = false;
    for (int i = 0; fits && i < count; i++) {
      int symbols = (int) sections + i * SECTION;
      if (file.getInt(symbols + 4) == SYMBOLS) {
        done |= zero(symbols);
        int names = file.getInt(symbols + 0x28);
        if (names > 0 && names < count) {
          done |= zeroNames((int) sections + names * SECTION);
        }
      }
    }
    return done;
  }

  private boolean isElf() {
    return file.capacity() >= HEADER
        && file.getInt(0) == 0x464c457f
        // Of 64 bits, the lowest first.
        && file.get(4) == 2
        && file.get(5) == 1;
  }

  private boolean zeroNames(int section) {
    return file.getInt(section + 4) == NAMES && zero(section);
  }

  private boolean zero(int section) {
    long from = file.getLong(section + 0x18);
    long size = file.getLong(section + 0x20);
    boolean loaded = (file.getLong(section + 8) & LOADED) != 0;
    if (loaded || size == 0 || !within(from, size)) {
      return false;
    }
    Arrays.fill(file.array(), (int) from, (int) (from + size), (byte) 0);
    return true;
  }

  private boolean within(long from, long size) {
    return from >= HEADER && size >= 0 && from <= file.capacity() && size <= file.capacity() - from;
  }
}
