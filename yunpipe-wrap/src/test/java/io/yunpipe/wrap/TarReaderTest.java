package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tars that no honest program writes, and some that one does. */
class TarReaderTest {
  private static final int BLOCK = 512;

  @TempDir Path folder;

  /** Returns a header of a tar. */
  static byte[] header(String name, char type, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 124, "%011o".formatted(size));
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    put(header, 148, "        ");
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] into, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, into, at, bytes.length);
  }

  /** A header that extends the next one, and a file of a block. */
  private static byte[] extended(String records) throws IOException {
    byte[] bytes = records.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tar.write(header("pax", 'x', bytes.length));
    tar.write(bytes);
    tar.write(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    tar.write(header("file", '0', BLOCK));
    tar.write(header("inside", '0', 0));
    tar.write(new byte[2 * BLOCK]);
    return tar.toByteArray();
  }

  private static List<TarReader.Entry> read(byte[] tar) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    List<TarReader.Entry> all = new ArrayList<>();
    for (Optional<TarReader.Entry> one = reader.next(); one.isPresent(); one = reader.next()) {
      all.add(one.get());
    }
    return all;
  }

  private static List<String> names(byte[] tar) throws IOException {
    return read(tar).stream().map(TarReader.Entry::name).toList();
  }

  @Test
  void header_thatExtendsAnother_isRead() throws IOException {
    assertThat(names(extended("12 path=yes\n"))).containsExactly("yes");
    assertThat(names(extended("12 size=512\n"))).containsExactly("file");
    assertThat(names(extended("22 comment=ignored it\n"))).containsExactly("file");
  }

  /** A sum of such a size and its padding is negative; what follows would be taken for headers. */
  @Test
  void size_beyondReason_isRefused() {
    for (String size : List.of("9223372036854775807", "9223372036854775296", "1125899906842625")) {
      String record = " size=" + size + "\n";
      int length = record.length() + 2;
      assertThatThrownBy(() -> read(extended(length + record)))
          .as(size)
          .isInstanceOf(IOException.class)
          .hasMessage("a size is beyond reason");
    }
    assertThatThrownBy(() -> read(extended("11 size=-1\n")))
        .isInstanceOf(IOException.class)
        .hasMessage("a size is beyond reason");
    byte[] header = header("file", '0', 0);
    header[124] = (byte) 0x80;
    header[126] = 1;
    assertThatThrownBy(() -> read(header)).isInstanceOf(IOException.class);
  }

  @Test
  void record_whoseLengthLies_isRefused() {
    for (String record :
        List.of(
            "2147483647 path=a\n",
            "2147483640 path=a\n",
            "99999999999 path=a\n",
            "-5 path=a\n",
            "0 path=a\n",
            "1 path=a\n",
            "99 path=a\n",
            "x path=a\n",
            " path=a\n",
            "12 path=yes\n2147483640 path=a\n",
            "7")) {
      assertThatThrownBy(() -> read(extended(record)))
          .as(record)
          .isInstanceOf(IOException.class)
          .hasMessage("an extended header is damaged");
    }
  }

  /** Files with holes, as tar writes them with -S, in each of its formats. */
  @Test
  void filesWithHoles_areReadByTheirNames() throws IOException, InterruptedException {
    Path files = Files.createDirectory(folder.resolve("files"));
    try (RandomAccessFile file = new RandomAccessFile(files.resolve("holes").toFile(), "rw")) {
      // More pieces than a header has room for, and than one block after it has.
      for (int i = 0; i < 40; i++) {
        file.seek(i * (1L << 20));
        file.write("piece".getBytes(StandardCharsets.US_ASCII));
      }
      file.setLength(64L << 20);
    }
    Files.writeString(files.resolve("later"), "x");
    for (String format :
        List.of(
            "--format=gnu",
            "--format=posix --sparse-version=0.0",
            "--format=posix --sparse-version=0.1",
            "--format=posix --sparse-version=1.0")) {
      Path tar = folder.resolve("holes.tar");
      List<String> command = new ArrayList<>(List.of("tar", "-S"));
      command.addAll(List.of(format.split(" ")));
      command.addAll(List.of("-cf", tar.toString(), "-C", files.toString(), "holes", "later"));
      String unused = Commands.run(folder, command.toArray(String[]::new));

      byte[] bytes = Files.readAllBytes(tar);
      assertThat(bytes.length).as("holes are left out").isLessThan(1 << 20);
      assertThat(read(bytes))
          .as(format)
          .allMatch(TarReader.Entry::file)
          .extracting(TarReader.Entry::name)
          .containsExactly("holes", "later");
    }
  }

  @Test
  void names_beyondReason_areRefused() throws IOException {
    byte[] tar = new TestLayer().file("a/b/c", "1").file("a/b/d", "2").link("e", "/a/b/c").tar();

    assertThatThrownBy(() -> files(tar, 4, 1000)).hasMessageContaining("more than 4 names");
    assertThatThrownBy(() -> files(tar, 1000, 19)).hasMessageContaining("than 19 letters");
    assertThat(files(tar, 5, 21).at("a/b")).isPresent();
  }

  private static LayerFiles files(byte[] tar, int names, long letters) throws IOException {
    return LayerFiles.read(new ByteArrayInputStream(tar), new LayerFiles.Room(names, letters));
  }
}
