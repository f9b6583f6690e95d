package io.yunpipe.internal.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipEntriesTest {
  @TempDir Path temp;
  private final RawZip raw = new RawZip();

  @Test
  void entries_areFilesInOrderOfTheZip_andOpenAgain() throws IOException {
    raw.stored("b/", "").mode(0040755);
    raw.stored("b/x", "one");
    raw.deflated("a", "two".getBytes(UTF_8));
    try (ZipEntries entries = open()) {
      List<ZipEntries.Entry> all = new ArrayList<>();
      entries.forEachRemaining(all::add);

      assertThat(all).extracting(ZipEntries.Entry::name).containsExactly("b/x", "a");
      assertThat(all).extracting(ZipEntries.Entry::size).containsExactly(3L, 3L);
      for (int time = 0; time < 2; time++) {
        assertThat(text(all.get(1))).isEqualTo("two");
        assertThat(text(all.get(0))).isEqualTo("one");
      }
      assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void entry_skippedTo_isStillChecked() throws IOException {
    raw.deflated("a", "0123456789".getBytes(UTF_8)).crc(7);
    try (ZipEntries entries = open();
        InputStream in = entries.next().open()) {
      assertThat(in.skip(8)).isEqualTo(8);
      assertThat(in.read()).isEqualTo('8');
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("does not match its checksum");
    }
  }

  @Test
  void open_zipWithUnsafeEntry_isRefusedBeforeTheFirst() {
    raw.stored("a", "1");
    raw.stored("../b", "1");

    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("climbs out of its folder");
  }

  private ZipEntries open() {
    return ZipEntries.open(raw.write(temp.resolve("x.zip")), ArchiveLimits.DEFAULT);
  }

  private static String text(ZipEntries.Entry entry) throws IOException {
    try (InputStream in = entry.open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
