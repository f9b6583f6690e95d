package io.yunpipe.internal.source;

import io.yunpipe.internal.Sha256;
import io.yunpipe.internal.files.Utf8Order;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in a map. */
public class MapStore implements ObjectStore {
  /** What is stored. */
  public final NavigableMap<String, byte[]> objects =
      new ConcurrentSkipListMap<>(Utf8Order.INSTANCE);

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
    byte[] bytes = bytes(content);
    objects.put(key, bytes);
    return new Stored(bytes.length, Sha256.of(bytes));
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return objects.putIfAbsent(key, bytes(content)) == null;
  }

  private static byte[] bytes(Content content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
