package io.yunpipe.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the directory store leaves on the disk, and what it says when the disk does not play along.
 */
class DirectoryLayoutTest {
  @TempDir Path folder;
  private Path root;
  private DirectoryObjectStore store;

  @BeforeEach
  void open() {
    root = folder.resolve("store");
    store = new DirectoryObjectStore(root, true);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void open_newFolder_writesNothing() {
    assertThat(store.list("", "", 10)).isEmpty();
    assertThat(store.read("a")).isEmpty();
    store.delete("a");

    assertThat(root).doesNotExist();
  }

  @Test
  void object_anyWayItWasStored_isAReadOnlyFileNamedLikeItsKey() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "moved");
    store.put("data/put", Content.of("put"));
    store.putIfAbsent("data/created", Content.of("created"));
    store.put("data/moved", Content.moving(file));
    store.putAllIfAbsent(Map.of("data/all", "all".getBytes(UTF_8)));

    for (String name : List.of("put", "created", "moved", "all")) {
      Path stored = root.resolve("data").resolve(name);
      assertThat(stored).hasContent(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored)))
          .isEqualTo("r--r--r--");
    }
    assertThat(file).doesNotExist();
    assertThat(root.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void alias_storedFile_isALinkToIt() throws IOException {
    store.put("runs/ab/run-1/out/x.png", Content.of("x"));
    store.put("results/run-1/x.png", Content.of("old"));

    store.alias("runs/ab/run-1/out/x.png", "results/run-1/x.png");
    store.alias("runs/ab/run-1/out/x.png", "results/run-1/x.png");

    assertThat(
            Files.isSameFile(
                root.resolve("results/run-1/x.png"), root.resolve("runs/ab/run-1/out/x.png")))
        .isTrue();
    assertThat(root.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void list_filesOfOthers_showsObjectsOnly() throws IOException {
    store.put("data/a", Content.of("a"));
    Files.createDirectories(root.resolve(".queues/x"));
    Files.writeString(root.resolve(".queues/x/log"), "x");
    Files.writeString(root.resolve(".hidden"), "x");
    Files.createSymbolicLink(root.resolve("data/link"), root.resolve("data/a"));
    Files.createSymbolicLink(root.resolve("data/loop"), root);

    assertThat(store.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("data/a");
    assertThat(store.list(".queues/", "", 10)).isEmpty();
    assertThat(store.count("")).isEqualTo(1);
    assertThat(store.read("data/link")).isEmpty();
  }

  @Test
  void key_startsWithADot_isRefused() {
    assertThatThrownBy(() -> store.put(".tmp/a", Content.of("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key must not start with a dot in a directory store, but was \".tmp/a\"");
  }

  @Test
  void key_ofAShardsFile_isRefused() {
    assertThatThrownBy(() -> store.get("runs/ab/run-1/done/edges/0001.jsonl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "key must not be that of a shard's file of markers, but was"
                + " \"runs/ab/run-1/done/edges/0001.jsonl\"");
    store.put("runs/ab/run-1/manifest/0001.jsonl", Content.of("x"));
    assertThat(root.resolve("runs/ab/run-1/manifest/0001.jsonl")).hasContent("x");
  }

  @Test
  void shard_nameTooLongForItsFile_hasOrdinaryObjects() {
    String key = "runs/ab/run-1/done/edges/" + "s".repeat(250) + "/job";

    assertThat(store.putIfAbsent(key, Content.of("{}"))).isTrue();
    assertThat(store.putIfAbsent(key, Content.of("{}"))).isFalse();

    assertThat(root.resolve(key)).hasContent("{}");
    assertThat(store.count("runs/ab/run-1/done/")).isEqualTo(1);
  }

  @Test
  void delete_lastObjectOfAFolder_removesTheFolders() {
    store.put("data/x/y/z", Content.of("1"));
    store.put("data/w", Content.of("2"));

    store.delete("data/x/y/z");

    assertThat(root.resolve("data/x")).doesNotExist();
    assertThat(root.resolve("data/w")).exists();
    store.delete("data/w");
    assertThat(root.resolve("data")).doesNotExist();
    assertThat(root).exists();
  }

  @Test
  void put_whereAnEmptyFolderIs_takesItsPlace() throws IOException {
    for (String name : List.of("data/put", "data/created", "data/alias")) {
      Files.createDirectories(root.resolve(name));
    }
    store.put("data/put", Content.of("1"));
    store.putIfAbsent("data/created", Content.of("2"));
    store.alias("data/put", "data/alias");

    assertThat(store.count("data/")).isEqualTo(3);
  }

  @Test
  void put_belowAnObjectOrOverAFolder_saysWhatIsInTheWay() {
    store.put("data/a", Content.of("1"));
    store.put("data/b/c", Content.of("1"));
    Path real = store.root();

    for (Runnable call :
        List.<Runnable>of(
            () -> store.put("data/a/b", Content.of("2")),
            () -> store.putIfAbsent("data/a/b", Content.of("2")))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("data/a/b")
          .hasMessageContaining("there is already " + real.resolve("data/a"))
          .hasMessageEndingWith(
              "A file is where a folder must be, or a folder where a file must be; move it away.");
    }
    for (Runnable call :
        List.<Runnable>of(
            () -> store.put("data/b", Content.of("2")),
            () -> store.putIfAbsent("data/b", Content.of("2")),
            () -> store.alias("data/a", "data/b"))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("there is already " + real.resolve("data/b"))
          .hasMessageEndingWith("or a folder where a file must be; move it away.");
    }
    assertThat(store.count("")).isEqualTo(2);
    assertThat(root.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void open_fileAsRoot_saysSo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> new DirectoryObjectStore(file, false))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not open the store "
                + file
                + ": it is not a folder. Name a folder, or one that does not exist yet.");
  }

  @Test
  void tempFile_abandonedForDays_isSweptOthersStay() throws IOException {
    store.put("a", Content.of("x"));
    store.close();
    Path old = Files.writeString(root.resolve(".tmp/old"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    Path young = Files.writeString(root.resolve(".tmp/young"), "x");

    open();
    store.put("b", Content.of("x"));

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void list_bigFolder_seesEveryChangeBetweenPages() {
    TreeMap<String, byte[]> contents = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      contents.put("data/%05d".formatted(2 * i), new byte[0]);
    }
    try (DirectoryObjectStore quick = new DirectoryObjectStore(root, false)) {
      quick.putAllIfAbsent(contents);
      List<String> expected = new ArrayList<>(contents.keySet());
      for (int round = 0; round < 50; round++) {
        assertThat(quick.list("data/", "data/04", 1000))
            .extracting(ObjectInfo::key)
            .isEqualTo(expected.stream().filter(key -> key.compareTo("data/04") > 0).toList());
        String added = "data/%05d".formatted(4001 + 2 * round);
        quick.put(added, Content.of("x"));
        expected.add(added);
        expected.remove("data/%05d".formatted(4000 + 2 * round));
        quick.delete("data/%05d".formatted(4000 + 2 * round));
        expected.sort(null);
      }
    }
  }
}
