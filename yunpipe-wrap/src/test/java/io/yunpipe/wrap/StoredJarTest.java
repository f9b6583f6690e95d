package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker's program as it lies in the layer. */
class StoredJarTest {
  private static final List<String> NAMES =
      List.of("META-INF/MANIFEST.MF", "a/", "a/Long.class", "empty");

  @TempDir Path folder;

  private static byte[] contents(String name) {
    return name.endsWith(".class")
        ? name.repeat(1000).getBytes(StandardCharsets.UTF_8)
        : new byte[0];
  }

  private static Body jar(LocalDateTime time) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : NAMES) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(time);
        zip.putNextEntry(entry);
        zip.write(contents(name));
      }
    }
    return Body.of(bytes.toByteArray());
  }

  private static byte[] stored(LocalDateTime time) throws IOException {
    return StoredJar.of(jar(time)).open().readAllBytes();
  }

  @Test
  void entries_allOfThem_areNotCompressed() throws IOException {
    Path file =
        Files.write(folder.resolve("worker.jar"), stored(LocalDateTime.of(2026, 1, 1, 0, 0)));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> entries = zip.stream().collect(Collectors.toList());
      assertThat(entries).extracting(ZipEntry::getName).isEqualTo(NAMES);
      assertThat(entries).extracting(ZipEntry::getMethod).containsOnly(ZipEntry.STORED);
      for (ZipEntry entry : entries) {
        assertThat(zip.getInputStream(entry)).hasBinaryContent(contents(entry.getName()));
      }
    }
  }

  @Test
  void times_ofABuild_makeNoDifference() throws IOException {
    assertThat(stored(LocalDateTime.of(2026, 1, 1, 0, 0)))
        .isEqualTo(stored(LocalDateTime.of(2027, 2, 2, 1, 1)));
  }

  @Test
  void file_thatIsNoJar_isRefused() {
    for (String text : Set.of("", "no jar")) {
      Body body = Body.of(text.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> StoredJar.of(body))
          .isInstanceOf(ZipException.class)
          .hasMessageContaining("no jar");
    }
  }
}
