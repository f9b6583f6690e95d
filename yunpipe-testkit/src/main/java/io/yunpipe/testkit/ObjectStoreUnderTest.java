package io.yunpipe.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store of one test of {@link ObjectStoreContract}, where its implementation may differ from
 * others, and what the tests say of it.
 */
abstract class ObjectStoreUnderTest {
  static final String ORDINARY = "data/";
  static final String MARKERS = "runs/ab/run-1/done/edges/0001/";
  static final int MIB = 1024 * 1024;

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

  /** Returns why the server under the store loses updates in a race; empty if it does not. */
  protected String losesUpdatesBecause() {
    return "";
  }

  /**
   * Returns whether the store keeps commit markers in a way of its own: they are written once,
   * never replaced or deleted, and seen by their keys and below their shard only.
   */
  protected boolean keepsMarkersTogether() {
    return false;
  }

  /** Returns the earliest time that an object stored now may carry. */
  protected Instant timeFrom(Instant now) {
    return now.minus(Duration.ofSeconds(60));
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

  /** Returns prefixes under which objects may be kept in different ways. */
  static Stream<String> places() {
    return Stream.of(ORDINARY, MARKERS);
  }

  final boolean isWriteOnce(String key) {
    return keepsMarkersTogether() && key.startsWith("runs/") && key.contains("/done/");
  }

  final void assumeChangeable(String place) {
    Assumptions.assumeFalse(isWriteOnce(place), "this store's markers are written once");
  }

  /** Makes an object that is not there yet. */
  final void create(String key, String text) {
    if (isWriteOnce(key)) {
      assertThat(store.putIfAbsent(key, Content.of(text))).isTrue();
    } else {
      store.put(key, Content.of(text));
    }
  }

  final String text(String key) {
    return new String(store.read(key).orElseThrow(() -> new AssertionError("no " + key)), UTF_8);
  }

  final List<String> keys(String prefix) {
    return paged(prefix, 1000);
  }

  final List<String> paged(String prefix, int limit) {
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

  static byte[] read(Optional<InputStream> stream) {
    try (InputStream in = stream.orElseThrow()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
