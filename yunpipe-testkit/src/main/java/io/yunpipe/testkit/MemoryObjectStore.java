package io.yunpipe.testkit;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A store in memory, for simulations and tests of those who use a store. Deterministic: tags count
 * the writes, times come from the clock, listings are sorted. Thread-safe. {@link #close} forgets
 * nothing, so that a test may look afterwards.
 */
public final class MemoryObjectStore implements ObjectStore {
  private static final class Item {
    private final byte[] bytes;
    private final String etag;
    private final Instant modified;

    Item(byte[] bytes, String etag, Instant modified) {
      this.bytes = bytes;
      this.etag = etag;
      this.modified = modified;
    }
  }

  private final NavigableMap<String, Item> items = new TreeMap<>(ObjectKeys.ORDER);
  private final Clock clock;
  private long writes;

  /** Creates an empty store in which all times are the epoch. */
  public MemoryObjectStore() {
    this(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
  }

  /** Creates an empty store. */
  public MemoryObjectStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Stored put(String key, Content content) {
    ObjectKeys.check(key);
    byte[] bytes = bytes(key, content);
    set(key, bytes);
    return new Stored(bytes.length, sha256(bytes));
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    ObjectKeys.check(key);
    byte[] bytes = bytes(key, content);
    synchronized (this) {
      if (items.containsKey(key)) {
        return false;
      }
      set(key, bytes);
      return true;
    }
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    ObjectKeys.check(key);
    byte[] bytes = bytes(key, content);
    synchronized (this) {
      Item item = items.get(key);
      if (item == null || !item.etag.equals(etag)) {
        return false;
      }
      set(key, bytes);
      return true;
    }
  }

  @Override
  public Optional<InputStream> get(String key) {
    return find(key).map(item -> new ByteArrayInputStream(item.bytes));
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "offset and length must not be negative, but were " + offset + " and " + length);
    }
    return find(key)
        .map(
            item -> {
              int from = (int) Math.min(offset, item.bytes.length);
              int size = (int) Math.min(length, item.bytes.length - from);
              return new ByteArrayInputStream(item.bytes, from, size);
            });
  }

  @Override
  public Optional<byte[]> read(String key) {
    return find(key).map(item -> item.bytes.clone());
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return find(key).map(item -> info(key, item));
  }

  @Override
  public synchronized List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    if (limit < 1 || limit > 1000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, but was " + limit);
    }
    boolean after = ObjectKeys.ORDER.compare(startAfter, prefix) >= 0;
    List<ObjectInfo> found = new ArrayList<>();
    for (var entry : items.tailMap(after ? startAfter : prefix, !after).entrySet()) {
      if (found.size() == limit || !entry.getKey().startsWith(prefix)) {
        break;
      }
      found.add(info(entry.getKey(), entry.getValue()));
    }
    return found;
  }

  @Override
  public synchronized void delete(String key) {
    items.remove(ObjectKeys.check(key));
  }

  @Override
  public synchronized void alias(String key, String alias) {
    ObjectKeys.check(alias);
    Item item = find(key).orElseThrow(() -> noSuchObject(key, alias));
    set(alias, item.bytes);
  }

  @Override
  public void close() {}

  private static BackendException noSuchObject(String key, String alias) {
    return new BackendException(
        "Could not make " + alias + " show " + key + ": there is no such object.", null);
  }

  private synchronized Optional<Item> find(String key) {
    return Optional.ofNullable(items.get(ObjectKeys.check(key)));
  }

  private synchronized void set(String key, byte[] bytes) {
    items.put(key, new Item(bytes, Long.toString(++writes), clock.instant()));
  }

  private static ObjectInfo info(String key, Item item) {
    return new ObjectInfo(key, item.bytes.length, item.etag, item.modified);
  }

  private static byte[] bytes(String key, Content content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BackendException("Could not read what to store as " + key + ": " + e, e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
