package io.yunpipe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link ObjectStore} promises. Every implementation extends this class; {@link
 * ObjectStoreRaces} is the part about many callers at once.
 *
 * <p>Most tests run on keys of ordinary objects and again on keys of commit markers, since a store
 * may keep these in another way.
 */
@Timeout(120)
public abstract class ObjectStoreContract extends ObjectStoreRaces {
  private static final String ORDINARY = "data/";
  private static final String MARKERS = "runs/ab/run-1/done/edges/0001/";
  private static final int MIB = 1024 * 1024;

  /** The store under test; empty at first. */
  protected ObjectStore store;

  @TempDir Path folder;

  /** Opens an empty store in a new place. */
  protected abstract ObjectStore newStore();

  /**
   * Opens another store over the place of the last {@link #newStore()}, as another program would.
   */
  protected abstract ObjectStore secondStore();

  /** Returns whether the store passes content on without holding it in memory. */
  protected boolean streams() {
    return true;
  }

  /** Returns whether {@link ObjectStore#alias} does anything. */
  protected boolean aliases() {
    return true;
  }

  /** Returns whether an object's tag changes only when its bytes do. */
  protected boolean tagsFollowBytes() {
    return false;
  }

  /**
   * Returns whether the server under the store orders characters above U+FFFF after all others, as
   * their UTF-8 bytes are.
   */
  protected boolean ordersByUtf8() {
    return true;
  }

  /**
   * Returns why the server under the store lists keys beyond ASCII wrongly; empty if it does not.
   */
  protected String listsWrongBecause() {
    return "";
  }

  /** Makes an object that is not there yet. */
  private void create(String key, String text) {
    if (isWriteOnce(key)) {
      assertThat(store.putIfAbsent(key, Content.of(text))).isTrue();
    } else {
      store.put(key, Content.of(text));
    }
  }

  /** Opens the store. */
  @BeforeEach
  protected void openStore() {
    store = newStore();
  }

  /** Closes the store. */
  @AfterEach
  protected void closeStore() {
    store.close();
  }

  @Override
  final ObjectStore first() {
    return store;
  }

  @Override
  final ObjectStore second() {
    return secondStore();
  }

  /** Returns prefixes under which objects may be kept in different ways. */
  static Stream<String> places() {
    return Stream.of(ORDINARY, MARKERS);
  }

  /** Returns legal keys that are easy to get wrong. */
  static Stream<String> oddKeys() {
    return Stream.of(
            "with blanks  in it",
            " leading and trailing ",
            "plus+percent%20%2F",
            "quotes\"'`",
            "back\\slash",
            "shell $HOME;&|<>*?[]{}!~#",
            "name.with..dots...",
            ".hidden",
            "-dash",
            "tab\tand\nnewline",
            "größe-日本語-😀",
            "e\u0301 is not é",
            "CASE and case",
            "x".repeat(255),
            "é".repeat(127) + "e",
            "name.jsonl",
            "a=b,c:d@e")
        .flatMap(name -> Stream.of(ORDINARY + name, ORDINARY + name + "/below", MARKERS + name));
  }

  /** Returns keys that every store refuses. */
  static Stream<String> badKeys() {
    return Stream.of(
        "",
        "/",
        "/absolute",
        "ends/",
        "empty//part",
        ".",
        "..",
        "a/./b",
        "a/../b",
        "../out",
        "a/..",
        "nul\u0000character",
        "half\uD83Dpair",
        "x".repeat(256),
        "é".repeat(128),
        "a/".repeat(512) + "a");
  }

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
  void readAll_ofAPrefix_readsEachObjectOnceInOrder() {
    String prefix = "runs/ab/r1/done/s/000001/";
    store.putAllIfAbsent(
        Map.of(
            prefix + "b", "{\"n\":2}".getBytes(UTF_8), prefix + "a", "{\"n\":1}".getBytes(UTF_8)));
    store.putIfAbsent("runs/ab/r1/done/s/000002/c", Content.of("{}"));
    List<String> seen = new ArrayList<>();
    store.readAll(prefix, (key, bytes) -> seen.add(key + "=" + new String(bytes, UTF_8)));
    assertThat(seen).containsExactly(prefix + "a={\"n\":1}", prefix + "b={\"n\":2}");
    List<String> none = new ArrayList<>();
    store.readAll("runs/ab/r1/done/s/000009/", (key, bytes) -> none.add(key));
    assertThat(none).isEmpty();
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

  @ParameterizedTest
  @MethodSource("places")
  void deleteAll_listedKeys_removesThemAndNoOthers(String place) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (int i = 0; i < 1100; i++) {
      contents.put(place + i, "{}".getBytes(UTF_8));
    }
    store.putAllIfAbsent(contents);
    store.put("other/a", Content.of("x"));

    String run = place.equals(MARKERS) ? "runs/ab/run-1/" : place;
    for (List<String> page = keys(run); !page.isEmpty(); page = keys(run)) {
      store.deleteAll(page);
    }
    store.deleteAll(List.of());

    assertThat(keys("")).containsExactly("other/a");
    assertThat(store.count(place)).isZero();
    assertThat(store.putIfAbsent(place + 1, Content.of("{}"))).isTrue();
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

  @ParameterizedTest
  @MethodSource("places")
  void get_part_isBoundedByTheObject(String place) {
    create(place + "a", "{\"n\":12345}");

    assertThat(read(store.get(place + "a", 0, 4))).asString().isEqualTo("{\"n\"");
    assertThat(read(store.get(place + "a", 5, 5))).asString().isEqualTo("12345");
    assertThat(read(store.get(place + "a", 8, 100))).asString().isEqualTo("45}");
    assertThat(read(store.get(place + "a", 8, Long.MAX_VALUE))).asString().isEqualTo("45}");
    assertThat(read(store.get(place + "a", 11, 1))).isEmpty();
    assertThat(read(store.get(place + "a", 100, 1))).isEmpty();
    assertThat(read(store.get(place + "a", 3, 0))).isEmpty();
    assertThatThrownBy(() -> store.get(place + "a", -1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.get(place + "a", 0, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("places")
  void get_absentKey_isEmpty(String place) {
    create(place + "a", "{}");

    for (String key : List.of(place + "b", "nowhere/a", place.substring(0, place.length() - 1))) {
      assertThat(store.get(key)).isEmpty();
      assertThat(store.get(key, 0, 1)).isEmpty();
      assertThat(store.read(key)).isEmpty();
      assertThat(store.head(key)).isEmpty();
    }
    assertThat(store.read("data/a/below/it")).isEmpty();
    assertThat(store.head("data/a/below/it")).isEmpty();
  }

  @Test
  void get_replacedWhileOpen_isOneOfTheTwo() throws IOException {
    store.put("data/a", Content.of("x".repeat(MIB)));

    try (InputStream in = store.get("data/a").orElseThrow()) {
      byte[] first = in.readNBytes(1000);
      store.put("data/a", Content.of("y".repeat(MIB)));
      String all = new String(first, UTF_8) + new String(in.readAllBytes(), UTF_8);
      assertThat(all).isIn("x".repeat(MIB), "y".repeat(MIB));
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void head_presentKey_saysSizeAndTime(String place) {
    Instant before = Instant.now();
    create(place + "a", "{\"n\":1}");

    ObjectInfo info = store.head(place + "a").orElseThrow();

    assertThat(info.key()).isEqualTo(place + "a");
    assertThat(info.size()).isEqualTo(7);
    assertThat(info.modified()).isBetween(timeFrom(before), Instant.now().plusSeconds(60));
    assertThat(store.list(place, "", 10)).containsExactly(info);
  }

  /** Returns the earliest time that an object stored now may carry. */
  protected Instant timeFrom(Instant now) {
    return now.minus(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void key_oddButLegal_isLikeAnyOther(String key) {
    assertThat(store.putIfAbsent(key, Content.of("{\"n\":1}"))).isTrue();
    assertThat(store.putIfAbsent(key, Content.of("{\"n\":2}"))).isFalse();
    assertThat(text(key)).isEqualTo("{\"n\":1}");
    assertThat(store.head(key).map(ObjectInfo::key)).hasValue(key);
    if (!isWriteOnce(key)) {
      assertThat(keys("")).containsExactly(key);
      assertThat(store.list("", key, 1000)).isEmpty();
    }
    assertThat(keys(key)).containsExactly(key);
    assertThat(store.list(key, key, 1000)).isEmpty();
    assertThat(store.count(key)).isEqualTo(1);
    if (!isWriteOnce(key)) {
      store.delete(key);
      assertThat(keys("")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("badKeys")
  void key_bad_isRefusedByAll(String key) {
    Content content = Content.of("x");
    store.put("data/a", content);

    List<Runnable> calls =
        List.of(
            () -> store.put(key, content),
            () -> store.putIfAbsent(key, content),
            () -> store.putAllIfAbsent(Map.of(key, new byte[0])),
            () -> store.putIfMatch(key, content, "1"),
            () -> store.get(key),
            () -> store.get(key, 0, 1),
            () -> store.read(key),
            () -> store.head(key),
            () -> store.delete(key));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
    }
    if (aliases()) {
      assertThatThrownBy(() -> store.alias("data/a", key))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(keys("")).containsExactly("data/a");
  }

  @Test
  void list_mixedKeys_isInOrderOfUtf8Bytes() {
    Assumptions.assumeTrue(listsWrongBecause().isEmpty(), listsWrongBecause());
    List<String> names =
        List.of(
            "a",
            "a b",
            "a!",
            "a-b",
            "a.b",
            "a0",
            "aa",
            "b-c/d",
            "b.c/d",
            "b/c/d",
            "b/c-d",
            "b/c0",
            "b0/c",
            "B",
            "z",
            "é",
            "\uD7FF",
            "\uE000/x",
            "\uFFFD",
            "😀",
            "😀a/b");
    List<String> expected = new ArrayList<>();
    names.forEach(name -> expected.add("data/" + name));
    List.of("0001/a", "0001/b", "0001-x/a", "0001.x/a", "0002/a", "00/a", "0003/a/b")
        .forEach(name -> expected.add("runs/ab/run-1/done/edges/" + name));
    expected.add("runs/ab/run-1/done/edges-2/0001/a");
    expected.add("runs/ab/run-1/manifest/0001.jsonl");
    expected.removeIf(this::isWriteOnce);
    if (!ordersByUtf8()) {
      expected.removeIf(key -> key.indexOf('\uE000') >= 0 || key.indexOf('\uFFFD') >= 0);
    }
    expected.forEach(key -> store.put(key, Content.of("{}")));
    expected.sort(ObjectStoreContract::byBytes);

    assertThat(keys("")).isEqualTo(expected);
    for (int limit = 1; limit <= expected.size(); limit++) {
      assertThat(paged("", limit)).as("pages of " + limit).isEqualTo(expected);
    }
    for (String start : expected) {
      String shorter = start.substring(0, start.offsetByCodePoints(start.length(), -1));
      for (String after : List.of(start, start + "/", start + "!", shorter)) {
        List<String> rest = new ArrayList<>(expected);
        rest.removeIf(key -> byBytes(key, after) <= 0);
        assertThat(store.list("", after, 1000)).extracting(ObjectInfo::key).isEqualTo(rest);
      }
      for (int end = 0; end <= start.length(); end++) {
        if (end < start.length() && Character.isLowSurrogate(start.charAt(end))) {
          continue;
        }
        String prefix = start.substring(0, end);
        List<String> with = new ArrayList<>(expected);
        with.removeIf(key -> !key.startsWith(prefix));
        assertThat(keys(prefix)).as(prefix).isEqualTo(with);
        assertThat(store.count(prefix)).as(prefix).isEqualTo(with.size());
      }
    }
  }

  @Test
  void list_startAfterOutsideThePrefix_isTakenAsItIs() {
    store.put("b/1", Content.of("x"));
    store.put("b/2", Content.of("x"));

    assertThat(store.list("b/", "a", 10)).hasSize(2);
    assertThat(store.list("b/", "b/1", 10)).extracting(ObjectInfo::key).containsExactly("b/2");
    assertThat(store.list("b/", "c", 10)).isEmpty();
    assertThat(store.list("b/", "b0", 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//", "../", "data//", "data/../", "nothing", "nul\u0000"})
  void list_prefixOfNoKey_isEmpty(String prefix) {
    if (!prefix.isEmpty()) {
      store.put("data/a", Content.of("x"));
    }

    assertThat(store.list(prefix, "", 10)).isEmpty();
    assertThat(store.count(prefix)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001})
  void list_limitOutOfRange_isRefused(int limit) {
    assertThatThrownBy(() -> store.list("", "", limit))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("places")
  void list_manyObjects_pagesThroughAll(String place) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (int i = 0; i < 1234; i++) {
      contents.put(place + "%05d".formatted(i * 7919 % 1234), "{}".getBytes(UTF_8));
    }
    assertThat(store.putAllIfAbsent(contents)).hasSize(1234).containsOnly(true);

    assertThat(store.list(place, "", 1000)).hasSize(1000);
    assertThat(keys(place)).isEqualTo(contents.keySet().stream().sorted().toList());
    assertThat(store.count(place)).isEqualTo(1234);
    assertThat(store.count(place + "0000")).isEqualTo(10);
  }

  @ParameterizedTest
  @MethodSource("places")
  void delete_presentKey_removesIt(String place) {
    assumeChangeable(place);
    store.put(place + "a", Content.of("{}"));
    store.put(place + "b", Content.of("{}"));

    store.delete(place + "a");

    assertThat(store.read(place + "a")).isEmpty();
    assertThat(keys("")).containsExactly(place + "b");
    assertThat(store.count(place)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("places")
  void delete_absentKey_isNoError(String place) {
    assumeChangeable(place);
    store.delete(place + "a");
    store.put(place + "a", Content.of("{}"));
    store.delete(place + "a");
    store.delete(place + "a");
    store.delete(place.substring(0, place.length() - 1));

    assertThat(keys("")).isEmpty();
  }

  @Test
  void delete_partOfAKeysPath_keepsTheObject() {
    store.put("data/a/b", Content.of("x"));

    store.delete("data/a");

    assertThat(keys("")).containsExactly("data/a/b");
  }

  @ParameterizedTest
  @MethodSource("places")
  void alias_presentKey_showsTheSameBytes(String place) {
    Assumptions.assumeTrue(aliases(), "this store makes no aliases");
    store.put(place + "a", Content.of("{\"n\":1}"));
    store.put(place + "b", Content.of("{\"n\":2}"));

    store.alias(place + "a", "results/run-1/x.json");
    store.alias(place + "a", "results/run-1/x.json");
    assertThat(text("results/run-1/x.json")).isEqualTo("{\"n\":1}");
    store.alias(place + "b", "results/run-1/x.json");
    assertThat(text("results/run-1/x.json")).isEqualTo("{\"n\":2}");

    store.delete(place + "b");
    assertThat(text("results/run-1/x.json")).isEqualTo("{\"n\":2}");
    assertThat(text(place + "a")).isEqualTo("{\"n\":1}");
    assertThat(keys("")).containsExactlyInAnyOrder(place + "a", "results/run-1/x.json");
  }

  @Test
  void alias_originalReplaced_originalIsRight() {
    Assumptions.assumeTrue(aliases(), "this store makes no aliases");
    store.put("data/a", Content.of("1"));
    store.alias("data/a", "results/a");

    store.put("data/a", Content.of("2"));

    assertThat(text("data/a")).isEqualTo("2");
    assertThat(text("results/a")).isIn("1", "2");
  }

  @Test
  void alias_absentKey_saysSo() {
    Assumptions.assumeTrue(aliases(), "this store makes no aliases");

    assertThatThrownBy(() -> store.alias("data/a", "results/a"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("data/a")
        .hasMessageContaining("results/a");
  }

  @ParameterizedTest
  @MethodSource("places")
  void secondStore_samePlace_seesEveryWriteAtOnce(String place) {
    try (ObjectStore second = secondStore()) {
      for (int i = 0; i < 50; i++) {
        ObjectStore writer = i % 2 == 0 ? store : second;
        ObjectStore reader = i % 2 == 0 ? second : store;
        String key = place + i;
        assertThat(writer.putIfAbsent(key, Content.of("{\"n\":" + i + "}"))).isTrue();
        assertThat(reader.read(key)).hasValue(("{\"n\":" + i + "}").getBytes(UTF_8));
        assertThat(reader.count(place)).isEqualTo(i + 1);
        assertThat(reader.putIfAbsent(key, Content.of("{}"))).isFalse();
      }
      if (!isWriteOnce(place)) {
        second.delete(place + "7");
        assertThat(store.head(place + "7")).isEmpty();
        assertThat(store.count(place)).isEqualTo(49);
      }
    }
    assertThat(text(place + "49")).as("after the second was closed").isEqualTo("{\"n\":49}");
    assertThat(store.putIfAbsent(place + "50", Content.of("{}"))).isTrue();
  }

  @Test
  void interruptedCaller_store_staysUsable() {
    AtomicBoolean still = new AtomicBoolean();
    Thread.currentThread().interrupt();
    try {
      store.put("data/a", Content.of("x"));
      store.putIfAbsent(MARKERS + "a", Content.of("{}"));
    } catch (BackendException e) {
      assertThat(e.retryable()).isTrue();
    } finally {
      still.set(Thread.interrupted());
    }

    assertThat(still).as("interrupt status").isTrue();
    store.put("data/a", Content.of("y"));
    assertThat(store.putIfAbsent(MARKERS + "b", Content.of("{\"n\":1}"))).isTrue();
    assertThat(text("data/a")).isEqualTo("y");
    assertThat(text(MARKERS + "b")).isEqualTo("{\"n\":1}");
  }

  private String text(String key) {
    return new String(store.read(key).orElseThrow(() -> new AssertionError("no " + key)), UTF_8);
  }

  private List<String> keys(String prefix) {
    return paged(prefix, 1000);
  }

  private List<String> paged(String prefix, int limit) {
    List<String> keys = new ArrayList<>();
    String after = "";
    while (true) {
      List<ObjectInfo> page = store.list(prefix, after, limit);
      page.forEach(info -> keys.add(info.key()));
      if (page.size() < limit) {
        return keys;
      }
      after = keys.get(keys.size() - 1);
    }
  }

  private static int byBytes(String a, String b) {
    return Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
  }

  private static byte[] read(Optional<InputStream> stream) {
    try (InputStream in = stream.orElseThrow()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
