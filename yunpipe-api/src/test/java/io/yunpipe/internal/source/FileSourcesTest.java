package io.yunpipe.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FileSourcesTest extends SourceFiles {
  @Nested
  class ListedFiles {
    @Test
    void file_single_hasItsOwnName() {
      put("deep/a.txt");

      assertThat(names(Inputs.files(List.of(temp.resolve("deep/a.txt"))))).containsExactly("a.txt");
    }

    @Test
    void files_ofTheSameBaseName_stayApart() {
      put("x/p/a.txt", "x/q/a.txt", "x/a.txt");

      assertThat(names(files("x/p/a.txt", "x/q/../q/a.txt", "x/a.txt")))
          .containsExactly("p/a.txt", "q/a.txt", "a.txt");
    }

    @Test
    void files_wrong_areAllNamedBeforeTheFirstIsTaken() {
      put("a", "d/x");

      assertThatThrownBy(() -> Sources.open(files("a", "./a", "d", "none"), null))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "3 of 4 inputs cannot be used:\n"
                  + "  - Could not take the input \"a\" again: it was named before. "
                  + "Name each input once.\n"
                  + "  - Could not read \""
                  + temp.resolve("d")
                  + "\" as a file: it is a folder. Submit it as a folder.\n"
                  + "  - Could not read \""
                  + temp.resolve("none")
                  + "\": there is no such file (any more). "
                  + "Check the path, or submit again without it.");
    }

    @Test
    void file_thatVanishesBeforeItsTurn_isAProblem() throws IOException {
      put("a", "b");
      try (SourceReader reader = Sources.open(files("a", "b"), null)) {
        Files.delete(temp.resolve("a"));

        assertThat(problem(reader.next())).contains("there is no such file");
        assertThat(reader.next().name()).isEqualTo("b");
      }
    }

    @Test
    void files_none_isNoInput() {
      refused(files(), "There is no input: the list of files is empty.");
    }

    @Test
    void device_isRefused() {
      refused(Inputs.files(List.of(Path.of("/dev/null"))), "it is a device, pipe or socket");
    }

    private Inputs files(String... names) {
      return Inputs.files(Stream.of(names).map(temp::resolve).toList());
    }
  }

  @Nested
  class Changes {
    @Test
    void file_growingWhileItIsRead_isRefused() throws IOException {
      Path file = Files.writeString(temp.resolve("a"), "hello");
      SourceItem item = only(Inputs.files(List.of(file)));
      InputStream in = item.content().open();
      in.read();
      Files.writeString(file, "hello, world");

      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Could not take \""
                  + file
                  + "\": it changed while it was read (from 5 to 12 bytes). "
                  + "Submit it again when nothing writes to it any more.");
      in.close();
    }

    @Test
    void file_writtenToAtTheSameLength_isRefusedOnClose() throws IOException {
      Path file = Files.writeString(temp.resolve("a"), "hello");
      SourceItem item = only(Inputs.files(List.of(file)));
      InputStream in = item.content().open();
      assertThat(in.readNBytes(5)).hasSize(5);
      Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));

      assertThatThrownBy(in::close)
          .hasMessageContaining("it changed while it was read (written to");
    }

    @Test
    void file_replaced_isRefused() throws IOException {
      Path file = Files.writeString(temp.resolve("a"), "hello");
      Path other = Files.writeString(temp.resolve("b"), "hallo");
      Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
      SourceItem item = only(Inputs.files(List.of(file)));
      item.verifyUnchanged();
      Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      assertThatThrownBy(item::verifyUnchanged).hasMessageContaining("replaced by another file");
      assertThatThrownBy(() -> item.content().open())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("replaced by another file");
    }

    @Test
    void file_vanished_isRefused() throws IOException {
      Path file = Files.writeString(temp.resolve("a"), "hello");
      SourceItem item = only(Inputs.files(List.of(file)));
      Files.delete(file);

      assertThatThrownBy(() -> item.content().open())
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Could not read \""
                  + file
                  + "\": there is no such file (any more). "
                  + "Check the path, or submit again without it.");
    }
  }
}
