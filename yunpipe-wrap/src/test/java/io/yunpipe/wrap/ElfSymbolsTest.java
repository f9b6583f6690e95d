package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfSymbolsTest {
  private static final int SECTIONS = 0x200;

  @TempDir Path folder;

  /** A file with symbols at 0x40, their names at 0x80, and names that are loaded at 0xc0. */
  private static ByteBuffer elf() {
    byte[] bytes = new byte[0x400];
    Arrays.fill(bytes, 0x40, 0x100, (byte) 'x');
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
    file.putLong(0x28, SECTIONS).putShort(0x3a, (short) 64).putShort(0x3c, (short) 5);
    section(file, 1, 2, 0, 0x40, 2);
    section(file, 2, 3, 0, 0x80, 0);
    section(file, 3, 11, 2, 0xc0, 2);
    return file;
  }

  private static void section(
      ByteBuffer file, int number, int type, long flags, long from, int link) {
    int at = SECTIONS + number * 64;
    file.putInt(at + 4, type).putLong(at + 8, flags).putLong(at + 0x18, from);
    file.putLong(at + 0x20, 0x40).putInt(at + 0x28, link);
  }

  private static byte[] bytes(ByteBuffer file) {
    byte[] bytes = new byte[file.capacity()];
    file.get(0, bytes);
    return bytes;
  }

  private byte[] blanked(ByteBuffer before) throws IOException {
    Path file = Files.write(folder.resolve("lib.so"), bytes(before));
    ElfSymbols.blank(file);
    return Files.readAllBytes(file);
  }

  @Test
  void symbols_andTheirNames_becomeZeros() throws IOException {
    byte[] expected = bytes(elf());
    Arrays.fill(expected, 0x40, 0xc0, (byte) 0);

    assertThat(blanked(elf())).isEqualTo(expected);
  }

  @Test
  void file_ofAnotherKindOrDamaged_staysAsItIs() throws IOException {
    ByteBuffer shorter = ByteBuffer.wrap("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer other = elf().put(5, (byte) 2);
    ByteBuffer beyond = elf().putLong(0x28, Long.MAX_VALUE);
    ByteBuffer negative = elf().putLong(0x28, -64);
    ByteBuffer many = elf().putShort(0x3c, (short) -1);
    ByteBuffer loaded = elf();
    section(loaded, 1, 2, 2, 0x40, 0);
    ByteBuffer far = elf();
    section(far, 1, 2, 0, Long.MAX_VALUE - 8, 77);
    for (ByteBuffer each : new ByteBuffer[] {shorter, other, beyond, negative, many, loaded, far}) {
      byte[] before = bytes(each);
      assertThat(blanked(each)).isEqualTo(before);
    }
  }

  @Test
  void program_ofThisJava_runsWithoutThem() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path copy = Files.copy(java, folder.resolve("java"));
    ElfSymbols.blank(copy);
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    Path jvm = Path.of(System.getProperty("java.home"), "lib", "libjli.so");
    Path library = Files.copy(jvm, folder.resolve("libjli.so"));
    ElfSymbols.blank(library);

    assertThat(Files.size(library)).isEqualTo(Files.size(jvm));
    // Both parts load; that they are no Java's home, the program itself says.
    String said = Commands.run(folder, "sh", "-c", copy + " -version 2>&1 || true");
    assertThat(said).containsAnyOf("libjava.so", "Java runtime environment", "openjdk version");
  }
}
