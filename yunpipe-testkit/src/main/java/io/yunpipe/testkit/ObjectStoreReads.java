package io.yunpipe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ObjectStoreContract} about reading, listing and keys. */
abstract class ObjectStoreReads extends ObjectStoreWrites {
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
    expected.sort(ObjectStoreReads::byBytes);

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

  private static int byBytes(String a, String b) {
    return Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
  }
}
