package io.yunpipe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link ObjectStore} promises. Every implementation extends this class, which also runs the
 * tests of the classes it extends.
 *
 * <p>Most tests run on keys of ordinary objects and again on keys of commit markers, since a store
 * may keep these in another way.
 */
@Timeout(120)
public abstract class ObjectStoreContract extends ObjectStoreRaces {
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
}
