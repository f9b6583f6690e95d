package io.yunpipe.spi;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Objects by key, with strong consistency: what a write has returned from, every later read and
 * listing sees. Thread-safe; several processes may share one store.
 *
 * <p>Keys are relative paths with {@code /}, at most 1,024 bytes in UTF-8, each part at most 255
 * bytes, without empty, {@code .} or {@code ..} parts; {@link ObjectKeys} holds the rule. A store
 * may refuse a key below another object's ({@code a/b} beside {@code a}) and keys whose first part
 * starts with a dot. An object appears whole or not at all. When a write returns, its bytes are as
 * durable as the store's settings promise. All methods throw {@link io.yunpipe.BackendException},
 * which says whether a retry may help, and {@link IllegalArgumentException} for a bad key.
 */
public interface ObjectStore extends AutoCloseable {
  /** Creates or replaces an object. */
  Stored put(String key, Content content);

  /**
   * Creates an object unless the key is taken. Of several at once exactly one is told true.
   *
   * @return whether this call created it
   */
  boolean putIfAbsent(String key, Content content);

  /**
   * Creates small objects, each unless its key is taken; durable when it returns.
   *
   * @param contents by key; each at most a few KiB
   * @return whether each was created by this call, in the map's order
   */
  default List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
    List<Boolean> created = new ArrayList<>(contents.size());
    contents.forEach((key, bytes) -> created.add(putIfAbsent(key, Content.of(bytes))));
    return created;
  }

  /**
   * Replaces an object if it is still the one seen.
   *
   * @param etag from {@link ObjectInfo}
   * @return whether it was replaced
   */
  boolean putIfMatch(String key, Content content, String etag);

  /** Opens an object, or returns empty if there is none. */
  Optional<InputStream> get(String key);

  /** Opens part of an object; shorter if the object ends before. */
  Optional<InputStream> get(String key, long offset, long length);

  /** Reads a small object whole, or returns empty if there is none. */
  Optional<byte[]> read(String key);

  /**
   * Reads small objects whole, as {@link #read} does each. Stores that keep such objects together
   * look once for all of them.
   *
   * @return what was found, in the order of the keys
   */
  default List<Optional<byte[]>> readEach(List<String> keys) {
    return keys.stream().map(this::read).toList();
  }

  /** Returns an object's size and tag, or empty if there is none. */
  Optional<ObjectInfo> head(String key);

  /**
   * Returns objects in order of their keys' UTF-8 bytes.
   *
   * @param prefix what keys start with; need not end at a {@code /}
   * @param startAfter only keys after this one; empty for all
   * @param limit at most so many, 1 to 1,000
   */
  List<ObjectInfo> list(String prefix, String startAfter, int limit);

  /**
   * Reads small objects below a prefix, in order of their keys; one deleted meanwhile may be left
   * out. Stores that keep such objects together read them in one pass.
   *
   * @param sink takes key and bytes
   */
  default void readAll(String prefix, BiConsumer<String, byte[]> sink) {
    String after = "";
    List<ObjectInfo> page;
    do {
      page = list(prefix, after, 1000);
      page.forEach(
          object -> read(object.key()).ifPresent(bytes -> sink.accept(object.key(), bytes)));
      after = page.isEmpty() ? "" : page.get(page.size() - 1).key();
    } while (page.size() == 1000);
  }

  /** Returns how many objects have the prefix. */
  default long count(String prefix) {
    long count = 0;
    String after = "";
    while (true) {
      List<ObjectInfo> page = list(prefix, after, 1000);
      count += page.size();
      if (page.size() < 1000) {
        return count;
      }
      after = page.get(page.size() - 1).key();
    }
  }

  /** Deletes an object; one that is absent is no error. */
  void delete(String key);

  /** Deletes objects, as {@link #delete} does each. */
  default void deleteAll(List<String> keys) {
    keys.forEach(this::delete);
  }

  /**
   * Makes an object visible under a second key, for people to look at, replacing what was there.
   * Stores that cannot do it cheaply do nothing.
   */
  default void alias(String key, String alias) {}

  /** Returns a link that lets its holder read the object for a while, if the store can. */
  default Optional<URI> presign(String key, Duration validity) {
    return Optional.empty();
  }

  /**
   * Returns a link that lets its holder create the object once, with so many bytes, if the store
   * can.
   *
   * @param size bytes of the object, exactly
   * @param validity how long the link works
   */
  default Optional<UploadLink> presignUpload(String key, long size, Duration validity) {
    return Optional.empty();
  }

  /**
   * Returns how many calls at once are worthwhile; more for a store that is far away. A caller with
   * many objects to move uses so many threads.
   */
  default int parallelism() {
    return 1;
  }

  @Override
  void close();
}
