package io.yunpipe.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterministicZipTest {
  @TempDir Path temp;
  private Path tree;

  @BeforeEach
  void folder() throws IOException {
    tree = Files.createDirectory(temp.resolve("tree"));
  }

  @Test
  void zip_ofATree_hasSortedEntriesAndFixedFields() throws IOException {
    put("b.txt", "b");
    put("a-b", "1");
    put("a/x", "2");
    put(".hidden", "3");
    put("z/ü.txt", "4");
    Files.createDirectories(tree.resolve("empty/er"));
    Files.setPosixFilePermissions(
        put("run.sh", "#!/bin/sh"), PosixFilePermissions.fromString("rwx------"));

    try (ZipFile zip = new ZipFile(write("x.zip").toFile())) {
      assertThat(Collections.list(zip.entries()))
          .extracting(ZipEntry::getName)
          .containsExactly(
              ".hidden",
              "a-b",
              "a/",
              "a/x",
              "b.txt",
              "empty/",
              "empty/er/",
              "run.sh",
              "z/",
              "z/ü.txt");
      assertThat(zip.getEntry("z/ü.txt").getTimeLocal()).hasToString("1980-02-01T12:00");
      assertThat(zip.getInputStream(zip.getEntry("z/ü.txt"))).hasContent("4");
    }
    SafeUnzip.unzip(temp.resolve("x.zip"), temp.resolve("out"), ArchiveLimits.DEFAULT);
    assertThat(Files.isExecutable(temp.resolve("out/run.sh"))).isTrue();
    assertThat(temp.resolve("out/empty/er")).isEmptyDirectory();
  }

  @Test
  void zip_ofTheSameTree_hasTheSameBytesInEveryZoneAndAtEveryTime() throws IOException {
    put("a", "1");
    put("b/c", "2");
    byte[] first = Files.readAllBytes(write("1.zip"));
    Files.setLastModifiedTime(tree.resolve("a"), FileTime.fromMillis(1_000_000_000_000L));
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : new String[] {"Pacific/Kiritimati", "America/St_Johns", "UTC"}) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        assertThat(Files.readAllBytes(write("2.zip"))).as(zone).isEqualTo(first);
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  /** The same on every machine: a change breaks the promise that equal trees are stored once. */
  @Test
  void zip_ofAKnownTree_hasAKnownChecksum() throws Exception {
    put("data/ü.csv", "x,y\n1,2\n".repeat(1000));
    Files.createDirectory(tree.resolve("empty"));
    Files.setPosixFilePermissions(
        put("run.sh", "#!/bin/sh\n"), PosixFilePermissions.fromString("rwxr-xr-x"));

    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(write("x.zip")));

    assertThat(HexFormat.of().formatHex(sha256))
        .isEqualTo("77882ebbfd60b0bfc27469cd1ee518eb1812b8baa9823d09986af45b65564c13");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomTree_zippedAndUnzipped_isEqualAndZipsToTheSameBytes(int seed) throws IOException {
    Random random = new Random(seed);
    String[] parts = {"a", "b c", "+%'\"", "ü\n", "日本", "\uD83D\uDE00", "x".repeat(255), "\uFFEE"};
    for (int i = 0; i < 40; i++) {
      StringBuilder name = new StringBuilder();
      for (int depth = random.nextInt(3); depth > 0; depth--) {
        name.append(parts[random.nextInt(parts.length)]).append("d/");
        if (name.length() > 255) {
          name.setLength(0);
        }
      }
      byte[] bytes = new byte[random.nextInt(100_000)];
      if (random.nextBoolean()) {
        random.nextBytes(bytes);
      }
      Path file = tree.resolve(name.append(parts[random.nextInt(parts.length)]).toString());
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      if (random.nextInt(4) == 0) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }

    SafeUnzip.unzip(write("1.zip"), temp.resolve("copy"), ArchiveLimits.DEFAULT);
    DeterministicZip.write(temp.resolve("copy"), temp.resolve("2.zip"));

    assertThat(contents(temp.resolve("copy"))).isEqualTo(contents(tree));
    assertThat(temp.resolve("2.zip")).hasSameBinaryContentAs(temp.resolve("1.zip"));
  }

  @Test
  void folder_empty_makesAnEmptyZip() throws IOException {
    SafeUnzip.unzip(write("1.zip"), temp.resolve("copy"), ArchiveLimits.DEFAULT);

    assertThat(temp.resolve("copy")).isEmptyDirectory();
  }

  @Test
  void link_inTheTree_isRefusedAndNoZipIsLeft() throws IOException {
    put("a", "1");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a"));

    refused("\": it is a link. Put what it leads to in its place, or take it out.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\b", "C:x"})
  void name_thatWouldBeRefusedOnUnpacking_isRefused(String name) throws IOException {
    put(name, "1");

    refused("Rename it.");
  }

  @Test
  void pipe_inTheTree_isRefused() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", tree.resolve("p").toString()).start().waitFor())
        .isZero();

    refused("it is a device, pipe or socket");
  }

  @Test
  void zip_insideItsOwnFolder_isRefused() {
    assertThatThrownBy(() -> DeterministicZip.write(tree, tree.resolve("x.zip")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the zip would hold itself");
  }

  @Test
  void folder_missing_isRefused() {
    assertThatThrownBy(
            () -> DeterministicZip.write(temp.resolve("none"), new ByteArrayOutputStream()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void zip_whereNoneCanBeWritten_isABackendError() {
    assertThatThrownBy(() -> DeterministicZip.write(tree, temp.resolve("none/x.zip")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("no such file");
  }

  private void refused(String message) throws IOException {
    assertThatThrownBy(() -> write("x.zip"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Could not ")
        .hasMessageContaining(message);
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).containsExactly(tree);
    }
  }

  private Path put(String name, String text) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path write(String name) {
    Path zip = temp.resolve(name);
    DeterministicZip.write(tree, zip);
    return zip;
  }

  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        contents.put(
            root.relativize(path).toString(),
            Files.isDirectory(path)
                ? "folder"
                : Files.isExecutable(path)
                    + " "
                    + java.util.Arrays.hashCode(Files.readAllBytes(path)));
      }
    }
    return contents;
  }
}
