package io.yunpipe.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a shard: what it looks like, and what is left of it after an accident. */
class MarkerFileTest {
  private static final String SHARD = "runs/ab/run-1/done/edges/0001/";

  @TempDir Path root;
  private Path file;
  private DirectoryObjectStore store;

  @BeforeEach
  void open() {
    file = root.resolve("runs/ab/run-1/done/edges/0001.jsonl");
    store = new DirectoryObjectStore(root, false);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void file_markersOfAShard_isOneReadableLineEach() throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put(SHARD + "job-b", "{\"status\":\"SUCCEEDED\"}".getBytes(UTF_8));
    contents.put(SHARD + "job-a", "not JSON".getBytes(UTF_8));
    store.putAllIfAbsent(contents);
    store.delete(SHARD + "job-a");

    List<String> lines = Files.readAllLines(file);

    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .matches(
            "\\{\"crc\":\"[0-9a-f]{8}\",\"key\":\"job-b\",\"at\":\\d{13},"
                + "\"value\":\\{\"status\":\"SUCCEEDED\"}}");
    assertThat(lines.get(1)).contains("\"key\":\"job-a\"").contains("\"base64\":\"bm90IEpTT04=\"}");
    assertThat(lines.get(2)).contains("\"key\":\"job-a\"").contains("\"deleted\":true}");
  }

  @Test
  void lastLine_cutAtAnyByte_isAbsentAndWrittenAnew() throws IOException {
    put("a", "b", "c");
    byte[] whole = Files.readAllBytes(file);
    int last = lastLine(whole);
    byte[] ab = Arrays.copyOf(whole, last);

    for (int size = last; size < whole.length; size++) {
      for (boolean sameProgram : new boolean[] {true, false}) {
        if (!sameProgram) {
          close(); // forgets all about the file
          open();
        }
        Files.write(file, Arrays.copyOf(whole, size));

        assertThat(names()).as("cut to %d bytes", size).containsExactly("a", "b");
        assertThat(store.read(SHARD + "c")).isEmpty();
        assertThat(Files.size(file)).as("reading changes nothing").isEqualTo(size);

        assertThat(store.putIfAbsent(SHARD + "c", Content.of("{\"again\":true}"))).isTrue();
        assertThat(names()).containsExactly("a", "b", "c");
        assertThat(store.read(SHARD + "c")).hasValue("{\"again\":true}".getBytes(UTF_8));
        byte[] after = Files.readAllBytes(file);
        assertThat(Arrays.copyOf(after, ab.length)).isEqualTo(ab);
        assertThat(new String(after, UTF_8).lines()).hasSize(3);
      }
    }
  }

  @Test
  void lastLine_anyByteChanged_isAbsentAndOthersStay() throws IOException {
    put("a", "b", "c");
    byte[] whole = Files.readAllBytes(file);

    for (int at = lastLine(whole); at < whole.length; at++) {
      close();
      open();
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x11;
      Files.write(file, damaged);

      assertThat(names()).as("byte %d", at).containsExactly("a", "b");
      assertThat(store.putIfAbsent(SHARD + "c", Content.of("{}"))).isTrue();
      assertThat(names()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void end_zeroesOfAPowerCut_areCutOff() throws IOException {
    put("a");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 5000));

    assertThat(names()).containsExactly("a");
    put("b");

    assertThat(names()).containsExactly("a", "b");
    assertThat(Files.readString(file)).doesNotContain("\0");
  }

  @Test
  void lineInTheMiddle_damaged_losesOnlyItself() throws IOException {
    put("a", "b", "c");
    close();
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("\"key\":\"b\"", "\"key\":\"x\""));
    open();

    assertThat(names()).containsExactly("a", "c");
    put("d");
    assertThat(names()).containsExactly("a", "c", "d");
  }

  @Test
  void file_replacedBehindOurBack_isReadAnew() throws IOException {
    put("a", "b");
    assertThat(names()).containsExactly("a", "b");
    String lines = Files.readString(file);
    Files.delete(file);
    assertThat(names()).isEmpty();
    assertThat(store.count(SHARD)).isZero();

    Files.writeString(file, lines.lines().findFirst().orElseThrow() + "\n");

    assertThat(names()).containsExactly("a");
    assertThat(store.read(SHARD + "a")).isPresent();
  }

  @Test
  void delete_lastMarker_removesFileAndFolders() {
    put("a", "b");

    store.delete(SHARD + "a");
    assertThat(file).exists();
    store.delete(SHARD + "b");

    assertThat(root.resolve("runs")).doesNotExist();
  }

  @Test
  void deletePrefix_wholeRun_removesAllOfIt() {
    put("a", "b");
    store.put("runs/ab/run-1/run.json", Content.of("{}"));
    store.put("runs/ab/run-1/out/edges/a/1/x.png", Content.of("x"));
    store.put("runs/ab/run-10/run.json", Content.of("{}"));

    assertThat(store.deletePrefix("runs/ab/run-1/")).isEqualTo(4);

    assertThat(store.list("", "", 10))
        .extracting(ObjectInfo::key)
        .containsExactly("runs/ab/run-10/run.json");
    assertThat(root.resolve("runs/ab/run-1")).doesNotExist();
  }

  @Test
  void count_manyShards_needsNoMemoryOfThem() {
    for (int shard = 0; shard < 300; shard++) {
      store.putIfAbsent("runs/ab/run-1/done/edges/%04d/a".formatted(shard), Content.of("{}"));
    }

    for (int again = 0; again < 2; again++) {
      assertThat(store.count("runs/ab/run-1/done/edges/")).isEqualTo(300);
    }
    store.putIfAbsent("runs/ab/run-1/done/edges/0000/b", Content.of("{}"));
    assertThat(store.count("runs/ab/run-1/done/edges/")).isEqualTo(301);
  }

  private void put(String... names) {
    for (String name : names) {
      assertThat(store.putIfAbsent(SHARD + name, Content.of("{\"n\":\"" + name + "\"}"))).isTrue();
    }
  }

  private List<String> names() {
    return store.list(SHARD, "", 1000).stream()
        .map(info -> info.key().substring(SHARD.length()))
        .toList();
  }

  private static int lastLine(byte[] file) {
    int start = file.length - 1;
    while (file[start - 1] != '\n') {
      start--;
    }
    return start;
  }
}
