package io.yunpipe.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderSourcesTest extends SourceFiles {
  @Nested
  class Folders {
    @Test
    void folder_isReadInOrderOfPathBytes_withoutHiddenFiles() {
      put("b", "a-b", "a/x", "a/.hid", ".git/x", "a.txt", "\uFFEE", "\uD83D\uDE00", "B");

      assertThat(names(Inputs.folder(temp)))
          .containsExactly("B", "a-b", "a.txt", "a/x", "b", "\uFFEE", "\uD83D\uDE00");
    }

    @Test
    void folder_withOddNames_keepsThem() {
      String[] odd = {
        " a b ", "+", "%20", "'\"", "new\nline", "日本語", "x".repeat(255), "a\\b", "*?"
      };
      put(odd);

      assertThat(names(Inputs.folder(temp))).containsExactlyInAnyOrder(odd);
    }

    @Test
    void items_haveSizeFileAndBytes() throws IOException {
      Path file = Files.writeString(temp.resolve("a"), "hello");
      try (SourceReader reader = Sources.open(Inputs.folder(temp), null)) {
        SourceItem item = reader.next();

        assertThat(item.size()).isEqualTo(5);
        assertThat(item.file()).contains(file);
        assertThat(item.bytes()).isEmpty();
        assertThat(item.stored()).isEmpty();
        assertThat(text(item)).isEqualTo("hello");
        assertThat(text(item)).as("opened again").isEqualTo("hello");
        assertThat(reader.hasNext()).isFalse();
        assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
      }
    }

    @Test
    void links_toFilesAreFollowed_toFoldersNot() throws IOException {
      put("real/x");
      Files.createSymbolicLink(temp.resolve("file"), temp.resolve("real/x"));
      Files.createSymbolicLink(temp.resolve("loop"), temp);
      Files.createSymbolicLink(temp.resolve("real/up"), temp);

      assertThat(names(Inputs.folder(temp))).containsExactly("file", "real/x");
    }

    @Test
    void folder_thatIsALink_isRead() throws IOException {
      put("real/x");
      Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("real"));

      assertThat(names(Inputs.folder(link))).containsExactly("x");
    }

    @Test
    void folder_empty_isNoInput() {
      refused(
          Inputs.folder(temp),
          "There is no input: the folder \""
              + temp
              + "\" has no file. Check the path, or what the program supplies.");
    }

    @Test
    void folder_ofHiddenFilesAndLinkedFolders_saysWhatWasLeftOut() throws IOException {
      put(".a", ".b");
      Files.createSymbolicLink(temp.resolve("loop"), temp);

      refused(
          Inputs.folder(temp),
          "has no file; hidden ones were not taken: 2; links to folders were not followed: 1.");
    }

    @Test
    void folder_missing_isRefused() {
      refused(
          Inputs.folder(temp.resolve("none")),
          "Could not read \"" + temp.resolve("none") + "\": there is no such file");
    }

    @Test
    void link_toNothing_isAProblemOfOneInput_andTheOthersGoOn() throws IOException {
      put("a", "c");
      Files.createSymbolicLink(temp.resolve("b"), Path.of("none"));
      List<SourceItem> items = items(Inputs.folder(temp), null);

      assertThat(items).extracting(SourceItem::name).containsExactly("a", "b", "c");
      assertThat(items.get(0).problem()).isEmpty();
      assertThatThrownBy(() -> items.get(1).content().open())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(temp.resolve("b").toString())
          .hasMessageContaining("there is no such file");
    }

    @Test
    void pipe_isAProblem() throws Exception {
      Path pipe = temp.resolve("p");
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

      assertThat(problem(only(Inputs.folder(temp))))
          .isEqualTo(
              "Could not read \""
                  + pipe
                  + "\": it is a device, pipe or socket, not a file. Take it out of the inputs.");
    }

    @Test
    void folder_thatVanishesDuringTheWalk_isAProblem() throws IOException {
      put("a", "d/x", "e");
      try (SourceReader reader = Sources.open(Inputs.folder(temp), null)) {
        assertThat(reader.next().name()).isEqualTo("a");
        Files.delete(temp.resolve("d/x"));
        Files.delete(temp.resolve("d"));
        SourceItem folder = reader.next();

        assertThat(folder.name()).isEqualTo("d");
        assertThat(problem(folder)).contains("there is no such file (any more)");
        assertThat(reader.next().name()).isEqualTo("e");
      }
    }

    @Test
    void name_tooLongForAKey_isAProblemUnderAnotherName() {
      String part = "x".repeat(200);
      put(String.join("/", part, part, part, part, part));
      SourceItem item = only(Inputs.folder(temp));

      assertThat(item.name()).startsWith("unnameable-");
      assertThat(item.size()).isEqualTo(-1);
      assertThat(problem(item))
          .contains("its name is too long: 1004 bytes, of at most 900. Rename it");
    }
  }

  @Nested
  class Globs {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "*.png | a.png",
          "**.png | a.png d/b.png d/e/c.png",
          "**/*.png | d/b.png d/e/c.png",
          "d/*.png | b.png",
          "d/**.png | b.png e/c.png",
          "*.{png,jpg} | a.png b.jpg",
          "?.jpg | b.jpg",
          "[ab].* | a.png b.jpg",
          "{a,d/b}.png | a.png d/b.png",
          "d//*.png | b.png",
          ".h/*.png | h.png",
          "*/*.png | d/b.png",
          "\\*.txt | *.txt",
        })
    void glob_takesWhatJavaNioWould_namedFromItsPlainPart(String pattern, String expected) {
      put("a.png", "b.jpg", "d/b.png", "d/e/c.png", ".h/h.png", "*.txt", "x.txt", ".a.png");

      assertThat(names(Inputs.glob(temp + "/" + pattern))).containsExactly(expected.split(" "));
    }

    @Test
    void glob_withoutWildcards_isTheFile() {
      put("a.png");

      assertThat(names(Inputs.glob(temp + "/a.png"))).containsExactly("a.png");
    }

    @Test
    void glob_withoutMatch_isNoInput() {
      put("a.png");

      refused(
          Inputs.glob(temp + "/*.jpg"),
          "There is no input: the folder \"" + temp + "\" has no file that matches \"*.jpg\".");
    }

    @Test
    void glob_malformed_isRefused() {
      refused(Inputs.glob(temp + "/[a"), "as a glob: ");
    }

    @Test
    void glob_ofOneLevel_doesNotWalkDeeper() throws IOException {
      put("a.png");
      Path deep = Files.createDirectory(temp.resolve("deep"));
      Files.createSymbolicLink(deep.resolve("broken.png"), Path.of("none"));

      assertThat(names(Inputs.glob(temp + "/*.png"))).containsExactly("a.png");
    }

    @Test
    void glob_relative_isOfTheCurrentFolder() {
      assertThat(names(Inputs.glob("pom.xm?"))).containsExactly("pom.xml");
    }
  }
}
