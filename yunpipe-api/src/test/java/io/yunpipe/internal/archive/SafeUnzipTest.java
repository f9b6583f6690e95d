package io.yunpipe.internal.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeUnzipTest {
  private static final ArchiveLimits LIMITS = ArchiveLimits.DEFAULT;

  @TempDir Path temp;
  private Path zip;
  private Path parent;
  private Path target;
  private final RawZip raw = new RawZip();

  @BeforeEach
  void paths() throws IOException {
    zip = temp.resolve("x.zip");
    parent = Files.createDirectory(temp.resolve("parent"));
    target = parent.resolve("target");
  }

  @Test
  void unzip_wellMeantZip_restoresFilesFoldersAndExecutableBits() throws IOException {
    raw.stored("a.txt", "hello");
    raw.stored("run.sh", "#!/bin/sh").mode(0104755);
    raw.deflated("deep/er/ü +%'\"\n.txt", "x".repeat(100_000).getBytes(UTF_8));
    raw.stored("empty/", "").mode(0040755);

    SafeUnzip.unzip(raw.write(zip), target, LIMITS);

    assertThat(target.resolve("a.txt")).hasContent("hello");
    assertThat(target.resolve("deep/er/ü +%'\"\n.txt")).hasSize(100_000);
    assertThat(target.resolve("empty")).isEmptyDirectory();
    assertThat(Files.getPosixFilePermissions(target.resolve("a.txt")))
        .doesNotContain(PosixFilePermission.OWNER_EXECUTE);
    assertThat((int) Files.getAttribute(target.resolve("run.sh"), "unix:mode") & 07100)
        .as("executable, not setuid")
        .isEqualTo(0100);
    assertThat(siblings()).containsExactly(target);
  }

  @Test
  void unzip_emptyTarget_isReplaced() throws IOException {
    Files.createDirectory(target);
    raw.stored("a", "1");

    SafeUnzip.unzip(raw.write(zip), target, LIMITS);

    assertThat(target.resolve("a")).hasContent("1");
  }

  @Test
  void unzip_targetWithFiles_isRefusedAndLeftAlone() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("mine"), "kept");
    raw.stored("a", "1");

    assertThatThrownBy(() -> SafeUnzip.unzip(raw.write(zip), target, LIMITS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the folder is not empty");
    assertThat(target.resolve("mine")).hasContent("kept");
    assertThat(target.resolve("a")).doesNotExist();
  }

  @Test
  void unzip_parentThatIsAFile_isABackendError() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    raw.stored("a", "1");

    assertThatThrownBy(() -> SafeUnzip.unzip(raw.write(zip), file.resolve("t"), LIMITS))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("Could not unpack");
  }

  @Nested
  class Names {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/etc/x",
          "../x",
          "a/../../x",
          "a/..",
          "..",
          "./a",
          "a//b",
          "..\\x",
          "a\\b/c",
          "C:/x",
          "c:x",
          "//host/x",
          "a\0b"
        })
    void entryName_thatMayLeaveTheFolder_isRefused(String name) {
      raw.stored("good", "1");
      raw.stored(name, "1");

      refused("Refused the archive \"" + zip + "\": its entry ");
    }

    @Test
    void entryName_climbing_isNamedWithReasonAndRemedy() {
      raw.stored("../evil", "1");

      assertThatThrownBy(() -> SafeUnzip.unzip(raw.write(zip), target, LIMITS))
          .hasMessage(
              "Refused the archive \""
                  + zip
                  + "\": its entry \"../evil\" climbs out of its folder. "
                  + "Make the archive again with plain files and relative names, all different.");
    }

    @Test
    void entryName_backslashedByAnOldWindowsTool_isCheckedAsAPath() {
      raw.stored("..\\evil", "1").madeBy(20);

      refused("climbs out of its folder");
    }

    @Test
    void entryName_tooLong_isRefused() {
      raw.stored("a/".repeat(500) + "x", "1");

      refused("has a name of 1001 bytes, of at most 900");
    }

    @Test
    void entryName_withTooLongPart_isRefused() {
      raw.stored("a/" + "x".repeat(256), "1");

      refused("has a part that is too long: 256 bytes, of at most 255");
    }

    @Test
    void entryName_notUtf8_isRefused() {
      raw.stored("müll.txt".getBytes(ISO_8859_1), new byte[0]).flags(0);

      refused("has a name that is not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
      "a,a,is there twice",
      "Readme,README,is there twice",
      "straße,STRASSE,is there twice",
      "a,a/b,needs a folder where another entry is a file",
      "a/b,A,is both a file and a folder",
      "a/,a,is both a file and a folder",
      "a/,a/,is there twice"
    })
    void entryNames_thatClash_areRefused(String first, String second, String why) {
      raw.stored(first, "");
      raw.stored(second, "");

      refused(why);
    }

    @Test
    void entryNames_sameAccentWrittenDifferently_areRefused() {
      raw.stored("\u00e9", "");
      raw.stored("e\u0301", "");

      refused("is there twice");
    }

    @Test
    void folderEntry_afterItsFiles_isAccepted() {
      raw.stored("a/b", "1");
      raw.stored("a/", "");

      SafeUnzip.unzip(raw.write(zip), target, LIMITS);

      assertThat(target.resolve("a/b")).hasContent("1");
    }
  }

  @Nested
  class Types {
    @ParameterizedTest
    @CsvSource({
      "0120777,is a link",
      "0020666,'is a device, pipe or socket'",
      "0060666,'is a device, pipe or socket'",
      "0010666,'is a device, pipe or socket'",
      "0140666,'is a device, pipe or socket'",
      "0040755,is marked as a folder but named as a file"
    })
    void entry_ofSpecialType_isRefused(String mode, String why) {
      raw.stored("x", "/etc/passwd").mode(Integer.parseInt(mode, 8));

      refused(why);
    }

    @Test
    void link_claimingToComeFromWindows_isRefused() {
      raw.stored("x", "/etc/passwd").mode(0120777).madeBy(20);

      refused("is a link");
    }

    @Test
    void entry_encrypted_isRefused() {
      raw.stored("x", "secret").flags(1);

      refused("is encrypted. Make the archive without a password.");
    }

    @Test
    void entry_ofUnknownMethod_isRefused() {
      raw.stored("x", "1").method(97);

      refused("is packed with method 97");
    }
  }

  @Nested
  class Bombs {
    @Test
    void entry_unpackingToMoreThanClaimed_isRefusedAtOnce() {
      raw.deflated("bomb", new byte[50_000_000]).size(10);

      refused("unpacks to more than the 10 bytes that it claims");
    }

    @Test
    void entry_claimingAHugePackedSize_isRefused() {
      raw.deflated("bomb", new byte[50_000_000]).packed(2_000_000_000);

      refused("claims to be larger than the archive");
    }

    @Test
    void entry_overTheRatio_isRefused() {
      raw.deflated("bomb", new byte[50_000_000]);

      refused("over the limit on the ratio of 200. If you trust the archive, raise this limit");
    }

    @Test
    void entry_overTheRatioButSmall_isAccepted() {
      raw.deflated("zeros", new byte[1 << 20]);

      SafeUnzip.unzip(raw.write(zip), target, LIMITS);

      assertThat(target.resolve("zeros")).hasSize(1 << 20);
    }

    @Test
    void manySmallEntries_overTheRatioTogether_areRefused() {
      for (int i = 0; i < 50; i++) {
        raw.deflated("zeros" + i, new byte[1 << 20]);
      }

      refused("over the limit on the ratio of 200");
    }

    @Test
    void entries_overTheBytesTogether_areRefused() {
      raw.stored("a", "12345");
      raw.stored("b", "12345");

      refused(LIMITS.withMaxBytes(9), "unpacks to more than the limit of 9 bytes");
    }

    @Test
    void entry_overTheBytes_isRefused() {
      raw.stored("a", "12345");

      refused(LIMITS.withMaxBytes(4), "unpacks to 5 bytes, over the limit of 4");
    }

    @Test
    void entries_moreThanTheLimit_areRefusedWhateverTheZipClaims() {
      for (int i = 0; i < 11; i++) {
        raw.stored("f" + i, "");
      }
      raw.write(zip, 1);

      assertThatThrownBy(() -> SafeUnzip.unzip(zip, target, LIMITS.withMaxEntries(10)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("has more entries than the limit of 10");
    }

    @Test
    void entries_sharingOneFilesBytes_areRefused() {
      RawZip.Header first = raw.deflated("a", new byte[100_000]);
      raw.directoryOnly("b", first);

      refused("shares its bytes with another entry");
    }

    @Test
    void entries_overlapping_areRefused() {
      RawZip.Header first = raw.stored("a", "x".repeat(1000));
      raw.directoryOnly("b", first).offset(first.offset + 500);

      refused("shares its bytes with another entry");
    }
  }

  @Nested
  class Damage {
    @Test
    void entry_withWrongChecksum_isRefused() {
      raw.stored("good", "1");
      raw.stored("x", "hello").crc(1);

      refused("does not match its checksum. Check or fetch the archive again.");
    }

    @Test
    void entry_shorterThanClaimed_isRefused() {
      raw.deflated("x", new byte[100]).size(101);

      refused("has 100 bytes, not the 101 that it claims");
    }

    @Test
    void entry_ofGarbage_isRefused() {
      raw.stored("x", "\u0007garbage").method(8);

      refused("is damaged");
    }

    @Test
    void file_thatIsNoZip_isRefused() throws IOException {
      Files.writeString(zip, "PK but no zip");

      assertThatThrownBy(() -> SafeUnzip.unzip(zip, target, LIMITS))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Could not read \""
                  + zip
                  + "\" as a zip: it has no directory of entries at its end. "
                  + "Check or fetch the archive again.");
    }

    @Test
    void file_missing_isRefused() {
      assertThatThrownBy(() -> SafeUnzip.unzip(zip, target, LIMITS))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("there is no such file");
    }

    @Test
    void zip_cutAnywhere_isRefusedAndLeavesNothing() throws IOException {
      raw.deflated("a", "some text".repeat(20).getBytes(UTF_8));
      raw.stored("b/c", "more");
      byte[] whole = Files.readAllBytes(raw.write(zip));
      for (int length = 0; length < whole.length; length++) {
        Files.write(zip, java.util.Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> SafeUnzip.unzip(zip, target, LIMITS))
            .as("cut at %d", length)
            .isInstanceOf(InvalidInputException.class);
        assertThat(siblings()).isEmpty();
      }
    }

    @Test
    void zip_withAnyByteChanged_isUnpackedRightOrRefused() throws IOException {
      raw.deflated("a", "some text".repeat(20).getBytes(UTF_8));
      raw.stored("b/c", "more");
      byte[] whole = Files.readAllBytes(raw.write(zip));
      for (int at = 0; at < whole.length; at++) {
        for (int change : new int[] {1, 0x80, 0xff}) {
          byte[] changed = whole.clone();
          changed[at] ^= (byte) change;
          Files.write(zip, changed);
          Path to = parent.resolve("t" + at + "-" + change);
          try {
            SafeUnzip.unzip(zip, to, LIMITS);
          } catch (InvalidInputException e) {
            assertThat(siblings()).doesNotContain(to);
          }
        }
      }
      assertThat(siblings()).allMatch(path -> path.getFileName().toString().startsWith("t"));
    }
  }

  private void refused(String message) {
    refused(LIMITS, message);
  }

  private void refused(ArchiveLimits limits, String message) {
    raw.write(zip);
    assertThatThrownBy(() -> SafeUnzip.unzip(zip, target, limits))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(zip.toString())
        .hasMessageContaining(message);
    assertThat(siblings()).as("nothing left behind").isEmpty();
  }

  private java.util.List<Path> siblings() {
    try (Stream<Path> found = Files.list(parent)) {
      return found.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
