package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Ids;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory, for the one run that a worker warms up with. Thread-safe. */
final class MapStore implements ObjectStore {
  private final ConcurrentNavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public Stored put(String key, Content content) {
    byte[] bytes = bytes(key, content);
    objects.put(key, bytes);
    return new Stored(bytes.length, HexFormat.of().formatHex(Ids.sha256().digest(bytes)));
  }

  private static byte[] bytes(String key, Content content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new BackendException("Could not read what to store as " + key + ": " + e, e);
    }
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return objects.putIfAbsent(key, bytes(key, content)) == null;
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    return objects.replace(key, bytes(key, content)) != null;
  }

  @Override
  public Optional<InputStream> get(String key) {
    return read(key).map(ByteArrayInputStream::new);
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    return read(key)
        .map(
            bytes -> {
              int start = (int) Math.min(offset, bytes.length);
              return new ByteArrayInputStream(
                  bytes, start, (int) Math.min(length, bytes.length - start));
            });
  }

  @Override
  public Optional<byte[]> read(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return read(key).map(bytes -> new ObjectInfo(key, bytes.length, "", Instant.EPOCH));
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    return objects.tailMap(prefix).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> entry.getKey().compareTo(startAfter) > 0)
        .limit(limit)
        .map(entry -> new ObjectInfo(entry.getKey(), entry.getValue().length, "", Instant.EPOCH))
        .toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }

  @Override
  public void close() {}
}
