package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads files of this machine as objects whose keys are their paths; nothing is kept. */
final class TrialStore implements ObjectStore {
  @Override
  public Optional<InputStream> get(String key) {
    try {
      return Optional.of(Files.newInputStream(Path.of(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    throw new UnsupportedOperationException("a trial reads files whole");
  }

  @Override
  public Optional<byte[]> read(String key) {
    try (InputStream in = get(key).orElse(null)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  private static BackendException unreadable(String file, IOException cause) {
    return new BackendException("Could not read " + file + ": " + cause, cause);
  }

  @Override
  public Stored put(String key, Content content) {
    throw readOnly();
  }

  /** There is nobody else for whom to keep what an attempt writes down. */
  @Override
  public boolean putIfAbsent(String key, Content content) {
    return true;
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    throw readOnly();
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    throw new UnsupportedOperationException("a trial has no listing");
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    throw new UnsupportedOperationException("a trial has no listing");
  }

  @Override
  public void delete(String key) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("a trial stores nothing");
  }

  @Override
  public void close() {}
}
