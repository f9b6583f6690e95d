package io.yunpipe.local;

import io.yunpipe.BackendException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Objects as files of one folder, laid out as their keys say; several programs may share it.
 *
 * <p>Commit markers are the exception: those of a shard are lines of one file, see {@link
 * MarkerKey} and {@link MarkerRecord}. Names in the root that start with a dot are not objects:
 * {@value #STAGING} has files that are being written, {@value #LOCKS} the locks between programs. A
 * key cannot be both an object and a folder of others. A symbolic link is no object.
 *
 * <p>With fsync, what a write stored is durable when it returns; a power cut may bring a deleted
 * object back. Writes nothing before the first write.
 */
final class DirectoryObjectStore implements ObjectStore {
  static final String STAGING = ".tmp";
  static final String LOCKS = ".lock";

  private static final String CLOCK = "clock";

  private final Path root;
  private final Disk disk;
  private final SharedPlace place;
  private final FileObjects files;
  private final Markers markers;
  private final FolderNames folders;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Opens a store.
   *
   * @param root its folder; made by the first write
   * @param fsync whether what was stored survives a power cut
   * @throws BackendException if there is something else than a folder
   */
  DirectoryObjectStore(Path root, boolean fsync) {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new BackendException(
          "Could not open the store "
              + root
              + ": it is not a folder. Name a folder, or one that does not exist yet.",
          null);
    }
    this.root = real(root);
    this.disk = new Disk(fsync);
    this.place = SharedPlace.acquire(this.root);
    StagingArea staging = new StagingArea(this.root.resolve(STAGING), disk);
    this.files = new FileObjects(this.root, disk, place.locks(), staging);
    this.markers = new Markers(this.root, disk, place);
    this.folders = new FolderNames(this.root.resolve(LOCKS).resolve(CLOCK));
  }

  /** Returns the store's folder, without symbolic links. */
  Path root() {
    return root;
  }

  @Override
  public Stored put(String key, Content content) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    return io(
        "store " + key,
        () -> {
          if (marker == null) {
            return files.put(path, content);
          }
          byte[] bytes = bytes(content);
          markers.put(marker, bytes);
          return new Stored(bytes.length, StagingArea.sha256(bytes));
        });
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    return io(
        "create " + key,
        () -> {
          if (marker != null) {
            return markers.putAllIfAbsent(Map.of(marker, bytes(content))).get(0);
          }
          Set<Path> changed = new LinkedHashSet<>();
          boolean created = files.create(path, content, changed);
          disk.syncFolders(changed);
          return created;
        });
  }

  @Override
  public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
    Map<MarkerKey, byte[]> marked = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> each : contents.entrySet()) {
      path(each.getKey());
      MarkerKey marker = MarkerKey.of(each.getKey());
      if (marker != null) {
        marked.put(marker, each.getValue());
      }
    }
    return io("create " + contents.size() + " objects", () -> createAll(contents, marked));
  }

  private List<Boolean> createAll(Map<String, byte[]> contents, Map<MarkerKey, byte[]> marked)
      throws IOException {
    List<Boolean> created = markers.putAllIfAbsent(marked);
    if (marked.size() == contents.size()) {
      return created;
    }
    List<Boolean> all = new ArrayList<>(contents.size());
    Set<Path> changed = new LinkedHashSet<>();
    int next = 0;
    for (Map.Entry<String, byte[]> each : contents.entrySet()) {
      if (MarkerKey.of(each.getKey()) != null) {
        all.add(created.get(next++));
      } else {
        all.add(files.create(path(each.getKey()), Content.of(each.getValue()), changed));
      }
    }
    disk.syncFolders(changed);
    return all;
  }

  @Override
  public boolean putIfMatch(String key, Content content, String etag) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    return io(
        "replace " + key,
        () ->
            marker == null
                ? files.putIfMatch(path, content, etag)
                : markers.putIfMatch(marker, bytes(content), etag));
  }

  @Override
  public Optional<InputStream> get(String key) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    return io(
        "open " + key,
        () ->
            marker == null ? files.get(path) : markers.read(marker).map(ByteArrayInputStream::new));
  }

  @Override
  public Optional<InputStream> get(String key, long offset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "offset and length must not be negative, but were " + offset + " and " + length);
    }
    Optional<InputStream> whole = get(key);
    return io(
        "open " + key,
        () -> {
          if (whole.isEmpty()) {
            return whole;
          }
          // Of a file it seeks, perhaps beyond the end.
          InputStream in = whole.get();
          return Optional.of(
              in.skip(offset) < offset ? InputStream.nullInputStream() : new Part(in, length));
        });
  }

  @Override
  public Optional<byte[]> read(String key) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    return io(
        "read " + key,
        () -> {
          if (marker != null) {
            return markers.read(marker);
          }
          Optional<InputStream> stream = files.get(path);
          if (stream.isEmpty()) {
            return Optional.empty();
          }
          try (InputStream in = stream.get()) {
            return Optional.of(in.readAllBytes());
          }
        });
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    return io(
        "look at " + key, () -> marker == null ? files.head(key, path) : markers.head(marker));
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    if (limit < 1 || limit > 1000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, but was " + limit);
    }
    List<ObjectInfo> found = new ArrayList<>();
    walk(
        "list " + prefix,
        prefix,
        startAfter,
        info -> {
          found.add(info);
          return found.size() < limit;
        });
    return found;
  }

  @Override
  public void readAll(String prefix, BiConsumer<String, byte[]> sink) {
    MarkerKey shard = MarkerKey.of(prefix);
    if (shard == null || !shard.name().isEmpty()) {
      ObjectStore.super.readAll(prefix, sink);
    } else {
      io("read " + prefix, () -> markers.readAll(shard.shard()))
          .forEach((name, value) -> sink.accept(prefix + name, value));
    }
  }

  @Override
  public long count(String prefix) {
    long[] count = new long[1];
    walk(
        "count " + prefix,
        prefix,
        "",
        new KeyVisitor() {
          @Override
          public boolean object(ObjectInfo info) {
            count[0]++;
            return true;
          }

          @Override
          public boolean shard(String shard) throws IOException {
            count[0] += markers.count(shard);
            return true;
          }
        });
    return count[0];
  }

  @Override
  public void delete(String key) {
    Path path = path(key);
    MarkerKey marker = MarkerKey.of(key);
    io(
        "delete " + key,
        () -> {
          if (marker == null) {
            files.delete(path);
            files.prune(Disk.folder(path));
          } else if (markers.delete(marker)) {
            files.prune(Disk.folder(root.resolve(marker.shard())));
          }
          return true;
        });
  }

  /**
   * Deletes all objects with a prefix, faster than one by one.
   *
   * @return how many there were
   */
  long deletePrefix(String prefix) {
    long[] count = new long[1];
    walk(
        "delete " + prefix,
        prefix,
        "",
        new KeyVisitor() {
          @Override
          public boolean object(ObjectInfo info) {
            delete(info.key());
            count[0]++;
            return true;
          }

          @Override
          public boolean shard(String shard) throws IOException {
            count[0] += markers.deleteShard(shard);
            files.prune(Disk.folder(root.resolve(shard)));
            return true;
          }
        });
    return count[0];
  }

  @Override
  public void alias(String key, String alias) {
    Path path = path(key);
    Path second = path(alias);
    io(
        "make " + alias + " show " + key,
        () -> {
          if (MarkerKey.of(key) != null || MarkerKey.of(alias) != null) {
            put(alias, Content.of(read(key).orElseThrow(() -> noSuchObject(key, alias))));
          } else if (Stat.ofFile(path) == null) {
            throw noSuchObject(key, alias);
          } else if (!key.equals(alias)) {
            files.alias(path, second);
          }
          return true;
        });
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      place.release();
    }
  }

  private static BackendException noSuchObject(String key, String alias) {
    return new BackendException(
        "Could not make " + alias + " show " + key + ": there is no such object.", null);
  }

  private void walk(String attempt, String prefix, String after, KeyVisitor visitor) {
    io(attempt, () -> new KeyWalk(root, folders, markers, after, visitor).run(prefix));
  }

  private <T> T io(String attempt, IoAction<T> action) {
    try {
      return action.run();
    } catch (InvalidPathException e) {
      throw noFileName(e);
    } catch (IOException e) {
      throw StoreErrors.failed(attempt + " in " + root, root, e);
    } catch (UncheckedIOException e) {
      throw StoreErrors.failed(attempt + " in " + root, root, new IOException(e.getMessage(), e));
    }
  }

  private Path path(String key) {
    ObjectKeys.check(key);
    if (key.startsWith(".")) {
      throw new IllegalArgumentException(
          "key must not start with a dot in a directory store, but was \"" + key + "\"");
    }
    if (MarkerKey.isTaken(key)) {
      throw new IllegalArgumentException(
          "key must not be that of a shard's file of markers, but was \"" + key + "\"");
    }
    try {
      return root.resolve(key);
    } catch (InvalidPathException e) {
      throw noFileName(e);
    }
  }

  private static BackendException noFileName(InvalidPathException e) {
    return new BackendException(
        "Could not make a file name of "
            + e.getInput()
            + ": "
            + e.getReason()
            + ". This program writes file names as "
            + System.getProperty("sun.jnu.encoding", "UTF-8")
            + "; start it with LC_ALL=C.UTF-8 in its environment.",
        e);
  }

  private static byte[] bytes(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    }
  }

  /** Returns the same path for all ways to name a folder, so that its stores share their locks. */
  private static Path real(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    for (Path above = absolute; above != null; above = above.getParent()) {
      try {
        return above.toRealPath().resolve(above.relativize(absolute));
      } catch (IOException e) {
        // Not there yet: try the folder above.
      }
    }
    return absolute;
  }

  /** The first bytes of a stream. */
  private static final class Part extends InputStream {
    private final InputStream in;
    private long left;

    Part(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      int read = left == 0 ? -1 : in.read();
      left -= read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0 && length > 0) {
        return -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
