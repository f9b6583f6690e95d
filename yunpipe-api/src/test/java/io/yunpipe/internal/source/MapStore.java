package io.yunpipe.internal.source;

import io.yunpipe.internal.files.Utf8Order;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Objects that are only read here; a map that a test fills. */
final class MapStore implements ObjectStore {
  final TreeMap<String, byte[]> objects = new TreeMap<>(Utf8Order.INSTANCE);

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    return objects.tailMap(startAfter, false).entrySet().stream()
        .filter(object -> object.getKey().startsWith(prefix))
        .limit(limit)
        .map(object -> info(object.getKey(), object.getValue()))
        .toList();
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return read(key).map(bytes -> info(key, bytes));
  }

  @Override
  public Optional<byte[]> read(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public Optional<InputStream> get(String key) {
    return read(key).map(ByteArrayInputStream::new);
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    return read(key)
        .map(
            bytes ->
                new ByteArrayInputStream(bytes, Math.toIntExact(offset), Math.toIntExact(length)));
  }

  @Override
  public Stored put(String key, Content content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private static ObjectInfo info(String key, byte[] bytes) {
    return new ObjectInfo(key, bytes.length, "1", Instant.EPOCH);
  }
}
