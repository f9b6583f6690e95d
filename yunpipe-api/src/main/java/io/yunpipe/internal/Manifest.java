package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.Facts.ManifestHead;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A shard's inputs as an object: a line that counts them, then a line for each. */
final class Manifest {
  /** Most inputs of a shard, so that one listing covers it. */
  static final int MAX_ITEMS = 800;

  private static final int HEAD_BYTES = 64;

  private Manifest() {}

  static byte[] bytes(List<Item> items) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    int problems = (int) items.stream().filter(item -> item.problem() != null).count();
    line(lines, new ManifestHead(items.size(), problems, false));
    items.forEach(item -> line(lines, item));
    return lines.toByteArray();
  }

  /** Returns the object that says that no shard comes after. */
  static byte[] end() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    line(lines, new ManifestHead(0, 0, true));
    return lines.toByteArray();
  }

  static Optional<ManifestHead> head(ObjectStore store, String key) {
    Optional<InputStream> start = store.get(key, 0, HEAD_BYTES);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    try (BufferedReader reader = reader(start.get())) {
      return Optional.of(Json.read(reader.readLine(), ManifestHead.class, key));
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  static void items(ObjectStore store, String key, Consumer<Item> sink) {
    Optional<InputStream> stream = store.get(key);
    if (stream.isEmpty()) {
      return;
    }
    items(stream.get(), key, sink);
  }

  /** Reads a whole manifest that is open; returns its head. */
  static ManifestHead items(InputStream stream, String key, Consumer<Item> sink) {
    try (BufferedReader reader = reader(stream)) {
      ManifestHead head = Json.read(reader.readLine(), ManifestHead.class, key);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        sink.accept(Json.read(line, Item.class, key));
      }
      return head;
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  /** Returns the shard of a run that was written last, as its number is the highest, or null. */
  static @Nullable ObjectInfo newest(ObjectStore store, RunPlan plan) {
    ObjectInfo[] newest = new ObjectInfo[1];
    Protocol.pages(store, plan.keys().manifests(), shard -> newest[0] = shard);
    return newest[0];
  }

  private static void line(ByteArrayOutputStream lines, Object value) {
    lines.writeBytes(Json.bytes(value));
    lines.write('\n');
  }

  private static BufferedReader reader(InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  private static BackendException unreadable(String key, IOException e) {
    return new BackendException("Could not read the run's manifest " + key + ": " + e, true, e);
  }
}
