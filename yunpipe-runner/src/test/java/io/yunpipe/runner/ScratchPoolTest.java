package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScratchPoolTest {
  @TempDir Path parent;
  private ScratchPool pool;
  private Scratch first;

  @BeforeEach
  void open() throws IOException {
    pool = new ScratchPool();
    first = pool.take(parent);
    Files.createFile(first.file(Scratch.LOG));
    first.in();
    first.work();
  }

  @AfterEach
  void close() {
    pool.close();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void foldersThatAreLeftEmpty_serveTheNextJob() throws IOException {
    Files.createDirectories(first.work().resolve("a/b"));
    Files.writeString(first.in().resolve("c"), "x");
    Files.createSymbolicLink(first.work().resolve("d"), parent);
    Files.writeString(first.file(Scratch.LOG), "x");
    pool.give(first, parent);
    Scratch second = pool.take(parent);
    assertThat(second).isSameAs(first);
    assertThat(second.work()).isEmptyDirectory();
    assertThat(second.in()).isEmptyDirectory();
    assertThat(second.file(Scratch.LOG)).doesNotExist();
    assertThat(second.out()).isEmptyDirectory();
    assertThat(pool.take(parent).root()).isNotEqualTo(first.root());
    pool.give(second, parent);
  }

  @Test
  void emptyLog_isKept() throws IOException {
    pool.give(first, parent);
    assertThat(pool.take(parent).file(Scratch.LOG)).isEmptyFile();
    pool.give(first, parent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"more", "mode", "gone", "swapped", "linked log"})
  void foldersThatAJobChanged_areRemoved(String change) throws IOException {
    switch (change) {
      case "more" -> Files.createFile(first.file("other"));
      case "mode" ->
          Files.setPosixFilePermissions(first.work(), PosixFilePermissions.fromString("rwxrwxrwx"));
      case "gone" -> Files.delete(first.work());
      case "swapped" -> {
        Files.delete(first.work());
        Files.createSymbolicLink(first.file("work"), parent);
      }
      default -> Files.createLink(first.file("other"), first.file(Scratch.LOG));
    }
    pool.give(first, parent);
    assertThat(first.root()).doesNotExist();
    assertThat(pool.take(parent)).isNotSameAs(first);
  }

  @Test
  void foldersGivenAfterTheEnd_areRemoved() {
    pool.close();
    pool.give(first, parent);
    assertThat(first.root()).doesNotExist();
  }
}
