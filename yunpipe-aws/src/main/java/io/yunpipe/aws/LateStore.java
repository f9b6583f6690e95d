package io.yunpipe.aws;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import io.yunpipe.spi.UploadLink;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that is opened by its first use, since the name of its bucket must be asked for. */
final class LateStore implements ObjectStore {
  private final Supplier<ObjectStore> opening;
  private final Runnable closing;
  private @Nullable ObjectStore open;

  LateStore(Supplier<ObjectStore> opening) {
    this(opening, () -> {});
  }

  /** Creates a store with something that it closes as well. */
  LateStore(Supplier<ObjectStore> opening, Runnable closing) {
    this.opening = opening;
    this.closing = closing;
  }

  private synchronized ObjectStore store() {
    if (open == null) {
      open = opening.get();
    }
    return open;
  }

  @Override
  public Stored put(String key, Content content) {
    return store().put(key, content);
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return store().putIfAbsent(key, content);
  }

  @Override
  public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
    return store().putAllIfAbsent(contents);
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    return store().putIfMatch(key, content, etag);
  }

  @Override
  public Optional<InputStream> get(String key) {
    return store().get(key);
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    return store().get(key, offset, length);
  }

  @Override
  public Optional<byte[]> read(String key) {
    return store().read(key);
  }

  @Override
  public List<Optional<byte[]>> readEach(List<String> keys) {
    return store().readEach(keys);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return store().head(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    return store().list(prefix, startAfter, limit);
  }

  @Override
  public void readAll(String prefix, BiConsumer<String, byte[]> sink) {
    store().readAll(prefix, sink);
  }

  @Override
  public long count(String prefix) {
    return store().count(prefix);
  }

  @Override
  public void delete(String key) {
    store().delete(key);
  }

  @Override
  public void deleteAll(List<String> keys) {
    store().deleteAll(keys);
  }

  @Override
  public void alias(String key, String alias) {
    store().alias(key, alias);
  }

  @Override
  public Optional<URI> presign(String key, Duration validity) {
    return store().presign(key, validity);
  }

  @Override
  public Optional<UploadLink> presignUpload(String key, long size, Duration validity) {
    return store().presignUpload(key, size, validity);
  }

  @Override
  public int parallelism() {
    return store().parallelism();
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      open.close();
    }
    closing.run();
  }
}
