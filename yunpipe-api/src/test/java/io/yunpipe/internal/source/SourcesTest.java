package io.yunpipe.internal.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.archive.DeterministicZip;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {
  @TempDir Path temp;

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

  @Nested
  class Zips {
    @Test
    void zip_givesItsFiles_withoutHiddenOnes() throws IOException {
      put("t/b/x.txt", "t/a.txt", "t/.DS_Store", "t/__MACOSX/y");
      DeterministicZip.write(temp.resolve("t"), temp.resolve("t.zip"));
      try (SourceReader reader = Sources.open(Inputs.zip(temp.resolve("t.zip")), null)) {
        SourceItem first = reader.next();
        SourceItem second = reader.next();

        assertThat(reader.hasNext()).isFalse();
        assertThat(first.name()).isEqualTo("a.txt");
        assertThat(second.name()).isEqualTo("b/x.txt");
        assertThat(text(second)).isEqualTo("t/b/x.txt");
        assertThat(text(first)).isEqualTo("t/a.txt");
        assertThat(first.size()).isEqualTo(7);
      }
    }

    @Test
    void zip_ofNothing_isNoInput() throws IOException {
      Files.createDirectory(temp.resolve("t"));
      DeterministicZip.write(temp.resolve("t"), temp.resolve("t.zip"));

      refused(
          Inputs.zip(temp.resolve("t.zip")),
          "There is no input: the zip \"" + temp.resolve("t.zip") + "\" has no file.");
    }
  }

  @Nested
  class Given {
    @Test
    void items_areBytesAndFiles() throws IOException {
      put("a");
      Inputs inputs =
          Inputs.of(Stream.of(Input.text("x/t", "hi"), Input.of("y", temp.resolve("a"))));
      try (SourceReader reader = Sources.open(inputs, null)) {
        SourceItem bytes = reader.next();
        SourceItem file = reader.next();

        assertThat(bytes.bytes()).hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("hi"));
        assertThat(bytes.size()).isEqualTo(2);
        assertThat(file.name()).isEqualTo("y");
        assertThat(text(file)).isEqualTo("a");
      }
    }

    @Test
    void item_withAMissingFile_isAProblem() {
      SourceItem item = only(Inputs.of(Stream.of(Input.of("x", temp.resolve("none")))));

      assertThat(problem(item)).contains("there is no such file");
    }

    @Test
    void stream_isClosedWithTheReader() {
      AtomicBoolean closed = new AtomicBoolean();
      Inputs inputs = Inputs.of(Stream.of(Input.text("a", "1")).onClose(() -> closed.set(true)));

      assertThat(names(inputs)).containsExactly("a");
      assertThat(closed).isTrue();
    }

    @Test
    void millionItems_areReadOneByOne() {
      Iterator<Input> inputs =
          IntStream.range(0, 1_000_000).mapToObj(i -> Input.text("n/" + i, "")).iterator();
      long count = 0;
      try (SourceReader reader = Sources.open(Inputs.of(inputs), null)) {
        for (; reader.hasNext(); reader.next()) {
          count++;
        }
      }
      assertThat(count).isEqualTo(1_000_000);
    }

    @Test
    void items_none_isNoInput() {
      refused(Inputs.of(List.<Input>of().iterator()), "There is no input: the iterator or stream");
    }
  }

  @Nested
  class Stored {
    @Test
    void prefix_listsObjectsWithoutCopying() throws IOException {
      MapStore store = new MapStore();
      for (int i = 0; i < 2500; i++) {
        store.objects.put("in/a/%04d".formatted(i), "x".getBytes(UTF_8));
      }
      store.objects.put("in/b", "no".getBytes(UTF_8));
      List<SourceItem> items = items(Inputs.prefix("in/a/"), store);

      assertThat(items).hasSize(2500);
      assertThat(items.get(1234).name()).isEqualTo("1234");
      assertThat(items.get(1234).stored().orElseThrow().key()).isEqualTo("in/a/1234");
      assertThat(text(items.get(1234))).isEqualTo("x");
    }

    @Test
    void prefix_withinAName_keepsNamesFromItsLastSlash() {
      MapStore store = new MapStore();
      store.objects.put("in/a1/x", new byte[0]);
      store.objects.put("in/a2/x", new byte[0]);

      assertThat(items(Inputs.prefix("in/a"), store))
          .extracting(SourceItem::name)
          .containsExactly("a1/x", "a2/x");
    }

    @Test
    void prefix_ofNothing_isNoInput() {
      assertThatThrownBy(() -> items(Inputs.prefix("in/"), new MapStore()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith(
              "There is no input: the store has no object whose key starts with \"in/\".");
    }

    @Test
    void object_deletedAfterTheListing_isRefused() {
      MapStore store = new MapStore();
      store.objects.put("in/x", new byte[0]);
      SourceItem item = items(Inputs.prefix("in/"), store).get(0);
      store.objects.clear();

      assertThatThrownBy(() -> item.content().open())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("it was deleted after it was listed");
    }
  }

  @Nested
  class Detection {
    @Test
    void paths_areFoldersFilesGlobsAndZips() throws IOException {
      put("d/x", "a.png", "b.png", "c[1].png");
      Files.writeString(temp.resolve("z.ZIP"), "");

      assertThat(detect("d")).isEqualTo(Inputs.folder(temp.resolve("d")));
      assertThat(detect("a.png")).isEqualTo(Inputs.files(paths("a.png")));
      assertThat(detect("a.png", "b.png")).isEqualTo(Inputs.files(paths("a.png", "b.png")));
      assertThat(detect("*.png")).isEqualTo(Inputs.glob(temp + "/*.png"));
      assertThat(detect("c[1].png")).as("exists").isEqualTo(Inputs.files(paths("c[1].png")));
      assertThat(detect("z.ZIP")).isEqualTo(Inputs.zip(temp.resolve("z.ZIP")));
    }

    @Test
    void mixture_isNamedFromTheDeepestCommonFolder() throws IOException {
      put("t/one.txt", "p/d/x", "p/a", "q/d/x", "q/g1.png", "q/g2.png");
      DeterministicZip.write(temp.resolve("t"), temp.resolve("q/t.zip"));

      assertThat(names(detect("p/d", "q/d", "p/a", "q/*.png", "q/t.zip")))
          .containsExactly("p/d/x", "q/d/x", "p/a", "q/g1.png", "q/g2.png", "q/t/one.txt");
    }

    @Test
    void mixture_withZipEntries_readsThemToTheEnd() throws IOException {
      put("t/one.txt", "a");
      DeterministicZip.write(temp.resolve("t"), temp.resolve("t.zip"));
      try (SourceReader reader = Sources.open(detect("t.zip", "a"), null)) {
        SourceItem entry = reader.next();
        assertThat(reader.next().name()).isEqualTo("a");
        assertThat(reader.hasNext()).isFalse();

        assertThat(entry.name()).isEqualTo("t/one.txt");
        assertThat(text(entry)).isEqualTo("t/one.txt");
      }
    }

    @Test
    void mixture_thatMeetsAFileTwice_takesItOnce() {
      put("d/x", "d/y");
      List<SourceItem> items = items(detect("d", "d/y"), null);

      assertThat(items).extracting(SourceItem::name).containsExactly("x", "y", "y");
      assertThat(problem(items.get(2))).contains("the input \"y\" again: it was named before");
    }

    @Test
    void mixture_withABrokenPart_isRefusedBeforeTheFirstIsTaken() throws IOException {
      put("a");
      Files.writeString(temp.resolve("z.zip"), "no zip");

      assertThatThrownBy(() -> Sources.open(detect("a", "z.zip"), null))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("z.zip\" as a zip: it has no directory of entries");
    }

    @Test
    void mixture_ofNothing_saysAllThatIsEmpty() throws IOException {
      Files.createDirectories(temp.resolve("a"));
      Files.createDirectories(temp.resolve("b"));

      refused(
          detect("a", "b"),
          "There is no input: the folder \""
              + temp.resolve("a")
              + "\" has no file; and the folder \""
              + temp.resolve("b")
              + "\" has no file.");
    }

    @Test
    void path_missing_isRefused() {
      assertThatThrownBy(() -> Sources.detect(List.of(Path.of("no-such-folder"))))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Could not submit \"no-such-folder\": there is no such file or folder in \""
                  + Path.of("").toAbsolutePath()
                  + "\". Check the path.");
    }

    private Inputs detect(String... names) {
      return Sources.detect(paths(names));
    }

    private List<Path> paths(String... names) {
      return Stream.of(names).map(temp::resolve).toList();
    }
  }

  private void put(String... names) {
    for (String name : names) {
      try {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<SourceItem> items(Inputs inputs, MapStore store) {
    List<SourceItem> items = new ArrayList<>();
    try (SourceReader reader = Sources.open(inputs, store)) {
      while (reader.hasNext()) {
        items.add(reader.next());
      }
    }
    return items;
  }

  private static List<String> names(Inputs inputs) {
    return items(inputs, null).stream().map(SourceItem::name).toList();
  }

  private static SourceItem only(Inputs inputs) {
    List<SourceItem> items = items(inputs, null);
    assertThat(items).hasSize(1);
    return items.get(0);
  }

  private static String problem(SourceItem item) {
    return item.problem().orElseThrow().getMessage();
  }

  private static void refused(Inputs inputs, String message) {
    assertThatThrownBy(() -> names(inputs))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private static String text(SourceItem item) throws IOException {
    try (InputStream in = item.content().open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
