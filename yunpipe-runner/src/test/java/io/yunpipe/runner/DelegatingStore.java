package io.yunpipe.runner;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that passes everything on. */
class DelegatingStore implements ObjectStore {
  private final ObjectStore store;

  DelegatingStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public Stored put(String key, Content content) {
    return store.put(key, content);
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return store.putIfAbsent(key, content);
  }

  @Override
  public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
    return store.putAllIfAbsent(contents);
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    return store.putIfMatch(key, content, etag);
  }

  @Override
  public Optional<InputStream> get(String key) {
    return store.get(key);
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    return store.get(key, offset, length);
  }

  @Override
  public Optional<byte[]> read(String key) {
    return store.read(key);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return store.head(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    return store.list(prefix, startAfter, limit);
  }

  @Override
  public long count(String prefix) {
    return store.count(prefix);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public void close() {}
}
