package io.yunpipe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ObjectStoreContract} about writing, at once and on a condition. */
abstract class ObjectStoreWrites extends ObjectStoreUnderTest {
  @ParameterizedTest
  @MethodSource("places")
  void put_newKey_isReadBack(String place) {
    assumeChangeable(place);
    Stored stored = store.put(place + "a", Content.of("{\"n\":1}"));

    assertThat(stored).isEqualTo(new Stored(7, sha256("{\"n\":1}".getBytes(UTF_8))));
    assertThat(text(place + "a")).isEqualTo("{\"n\":1}");
  }

  @ParameterizedTest
  @MethodSource("places")
  void put_takenKey_replaces(String place) {
    assumeChangeable(place);
    store.put(place + "a", Content.of("{\"old\":\"and longer\"}"));
    store.put(place + "a", Content.of("{}"));

    assertThat(text(place + "a")).isEqualTo("{}");
    assertThat(keys(place)).containsExactly(place + "a");
  }

  @ParameterizedTest
  @MethodSource("places")
  void put_anyBytes_areReadBackAsTheyWere(String place) {
    assumeChangeable(place);
    byte[] bytes = new byte[1000];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);

    for (byte[] each : List.of(new byte[0], bytes, "two\nlines\n".getBytes(UTF_8))) {
      store.put(place + "a", Content.of(each));
      assertThat(store.read(place + "a")).hasValue(each);
      assertThat(store.head(place + "a").orElseThrow().size()).isEqualTo(each.length);
    }
  }

  @Test
  void put_file_isCopied() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "bytes");

    Stored stored = store.put("data/a", Content.of(file));
    Files.writeString(file, "other");

    assertThat(stored).isEqualTo(new Stored(5, sha256("bytes".getBytes(UTF_8))));
    assertThat(text("data/a")).isEqualTo("bytes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_movableFile_isStored(boolean taken) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "bytes");
    if (taken) {
      store.put("data/a", Content.of("before"));
    }

    Stored stored = store.put("data/a", Content.moving(file));

    assertThat(stored).isEqualTo(new Stored(5, sha256("bytes".getBytes(UTF_8))));
    assertThat(text("data/a")).isEqualTo("bytes");
  }

  @Test
  void put_movableFileWithASecondName_isNotChangedThroughIt() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "bytes");
    Path second = Files.createLink(folder.resolve("second"), file);

    store.put("data/a", Content.moving(file));
    Files.writeString(second, "other");

    assertThat(text("data/a")).isEqualTo("bytes");
  }

  @Test
  void put_movableSymbolicLink_storesTheBytesItNames() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "bytes");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    store.put("data/a", Content.moving(link));
    Files.writeString(file, "other");

    assertThat(text("data/a")).isEqualTo("bytes");
  }

  @Test
  void put_missingFile_failsAndLeavesNothing() {
    Path missing = folder.resolve("missing");

    for (Content content : List.of(Content.of(missing), Content.moving(missing))) {
      assertThatThrownBy(() -> store.put("data/a", content))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("missing");
      assertThatThrownBy(() -> store.putIfAbsent("data/a", content))
          .isInstanceOf(BackendException.class);
    }
    assertThat(keys("")).isEmpty();
  }

  @Test
  void put_sourceFailsHalfway_keepsWhatWasThere() {
    store.put("data/a", Content.of("before"));
    Content failing = new FailingContent();

    assertThatThrownBy(() -> store.put("data/a", failing)).isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> store.putIfAbsent("data/b", failing))
        .isInstanceOf(BackendException.class);

    assertThat(text("data/a")).isEqualTo("before");
    assertThat(keys("data/")).containsExactly("data/a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_bigContent_isStreamed(boolean sizeKnown) throws IOException {
    long size = 64L * MIB;
    store.put("data/warm-up", new GeneratedContent(1000, sizeKnown));
    long before = allocated();

    Stored stored = store.put("data/big", new GeneratedContent(size, sizeKnown));

    if (streams()) {
      assertThat(allocated() - before).as("bytes allocated").isLessThan(32L * MIB);
    }
    assertThat(stored.size()).isEqualTo(size);
    try (InputStream in = store.get("data/big").orElseThrow();
        InputStream expected = new GeneratedContent(size, true).open()) {
      byte[] buffer = new byte[MIB];
      for (int n = in.readNBytes(buffer, 0, MIB); n > 0; n = in.readNBytes(buffer, 0, MIB)) {
        assertThat(expected.readNBytes(n)).isEqualTo(Arrays.copyOf(buffer, n));
      }
      assertThat(expected.read()).as("the end").isEqualTo(-1);
    }
    byte[] part = read(store.get("data/big", size - 3, 100));
    assertThat(part)
        .containsExactly(
            GeneratedContent.at(size - 3),
            GeneratedContent.at(size - 2),
            GeneratedContent.at(size - 1));
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfAbsent_freeKey_createsTheObject(String place) {
    assertThat(store.putIfAbsent(place + "a", Content.of("{\"n\":1}"))).isTrue();
    assertThat(text(place + "a")).isEqualTo("{\"n\":1}");
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfAbsent_takenKey_changesNothing(String place) {
    create(place + "a", "{\"n\":1}");
    Optional<ObjectInfo> before = store.head(place + "a");

    assertThat(store.putIfAbsent(place + "a", Content.of("{\"n\":2}"))).isFalse();

    assertThat(text(place + "a")).isEqualTo("{\"n\":1}");
    assertThat(store.head(place + "a").map(ObjectInfo::etag))
        .isEqualTo(before.map(ObjectInfo::etag));
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfAbsent_deletedKey_createsTheObject(String place) {
    assumeChangeable(place);
    store.put(place + "a", Content.of("{\"n\":1}"));
    store.delete(place + "a");

    assertThat(store.putIfAbsent(place + "a", Content.of("{\"n\":2}"))).isTrue();
    assertThat(text(place + "a")).isEqualTo("{\"n\":2}");
  }

  @Test
  void marker_writtenOnce_isNeitherReplacedNorDeleted() {
    Assumptions.assumeTrue(isWriteOnce(MARKERS), "this store's markers are like other objects");
    create(MARKERS + "a", "{\"n\":1}");

    List<Runnable> calls =
        List.of(
            () -> store.put(MARKERS + "a", Content.of("x")),
            () -> store.putIfMatch(MARKERS + "a", Content.of("x"), "1"),
            () -> store.delete(MARKERS + "a"),
            () -> store.deleteAll(List.of(MARKERS + "a")));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(MARKERS + "a");
    }
    assertThat(text(MARKERS + "a")).isEqualTo("{\"n\":1}");
  }

  @Test
  void putIfAbsent_movableFile_isStored() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "bytes");
    Path late = Files.writeString(folder.resolve("late"), "other");

    assertThat(store.putIfAbsent("data/a", Content.moving(file))).isTrue();
    assertThat(store.putIfAbsent("data/a", Content.moving(late))).isFalse();

    assertThat(text("data/a")).isEqualTo("bytes");
  }

  @Test
  void putAllIfAbsent_someTaken_answersInTheMapsOrder() {
    create(MARKERS + "b", "{\"by\":\"other\"}");
    store.put("data/d", Content.of("other"));
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String key :
        List.of(
            "data/z",
            MARKERS + "c",
            MARKERS + "b",
            "runs/ab/run-1/done/edges/0002/a",
            "data/d",
            MARKERS + "a",
            "runs/ab/run-1/sdone/edges/0001")) {
      contents.put(key, ("{\"by\":\"" + key + "\"}").getBytes(UTF_8));
    }

    List<Boolean> created = store.putAllIfAbsent(contents);

    assertThat(created).containsExactly(true, true, false, true, false, true, true);
    assertThat(text(MARKERS + "c")).isEqualTo("{\"by\":\"" + MARKERS + "c\"}");
    assertThat(text(MARKERS + "b")).isEqualTo("{\"by\":\"other\"}");
    assertThat(text("data/d")).isEqualTo("other");
    assertThat(store.putAllIfAbsent(contents)).containsOnly(false);
    assertThat(store.putAllIfAbsent(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfMatch_unchangedObject_isReplaced(String place) {
    assumeChangeable(place);
    store.put(place + "a", Content.of("{\"n\":1}"));
    String etag = store.head(place + "a").orElseThrow().etag();

    assertThat(store.putIfMatch(place + "a", Content.of("{\"n\":2}"), etag)).isTrue();

    assertThat(text(place + "a")).isEqualTo("{\"n\":2}");
    assertThat(store.head(place + "a").orElseThrow().etag()).isNotEqualTo(etag);
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfMatch_changedObject_isKept(String place) {
    assumeChangeable(place);
    store.put(place + "a", Content.of("{\"n\":1}"));
    String etag = store.head(place + "a").orElseThrow().etag();
    store.put(place + "a", Content.of("{\"n\":2}"));

    assertThat(store.putIfMatch(place + "a", Content.of("{\"n\":3}"), etag)).isFalse();

    assertThat(text(place + "a")).isEqualTo("{\"n\":2}");
  }

  @ParameterizedTest
  @MethodSource("places")
  void putIfMatch_absentObject_createsNothing(String place) {
    assumeChangeable(place);
    store.put(place + "a", Content.of("{\"n\":1}"));
    String etag = store.head(place + "a").orElseThrow().etag();
    store.delete(place + "a");

    assertThat(store.putIfMatch(place + "a", Content.of("{\"n\":2}"), etag)).isFalse();

    assertThat(store.head(place + "a")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("places")
  void etag_everyReplacement_changesIt(String place) {
    assumeChangeable(place);
    List<String> etags = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      store.put(place + "a", Content.of("{\"n\":" + (tagsFollowBytes() ? i : 1) + "}"));
      etags.add(store.head(place + "a").orElseThrow().etag());
    }

    assertThat(etags).doesNotHaveDuplicates();
    assertThat(store.list(place, "", 1).get(0).etag()).isEqualTo(etags.get(199));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long allocated() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean bean
        ? bean.getThreadAllocatedBytes(Thread.currentThread().getId())
        : 0;
  }
}
