package io.yunpipe.internal.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.archive.DeterministicZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SourcesTest extends SourceFiles {
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
}
