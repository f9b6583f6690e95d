package io.yunpipe.local;

import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the objects below a prefix in the order of their keys, folder by folder, looking
 * only where such keys can be. For one use.
 *
 * <p>In a folder {@code a-b} comes before what is in the folder {@code a}, since its key {@code
 * a/…} has a slash there. So a folder waits until the names that sort before its slash are done.
 */
final class KeyWalk {
  private static final int MARKERS_AT_ONCE = 1000;

  private final Path root;
  private final FolderNames folders;
  private final Markers markers;
  private final String after;
  private final KeyVisitor visitor;

  /**
   * Prepares a walk.
   *
   * @param after only keys after this one; empty for all
   */
  KeyWalk(Path root, FolderNames folders, Markers markers, String after, KeyVisitor visitor) {
    this.root = root;
    this.folders = folders;
    this.markers = markers;
    this.after = after;
    this.visitor = visitor;
  }

  /** Shows the visitor all keys with a prefix; returns whether it never said to stop. */
  boolean run(String prefix) throws IOException {
    MarkerKey marker = MarkerKey.of(prefix);
    String folder =
        marker == null ? prefix.substring(0, prefix.lastIndexOf('/') + 1) : marker.shard() + "/";
    return !canHoldObjects(folder) || descend(folder, prefix.substring(folder.length()));
  }

  private static boolean canHoldObjects(String folder) {
    if (folder.isEmpty()) {
      return true;
    }
    try {
      ObjectKeys.check(folder.substring(0, folder.length() - 1));
      return !folder.startsWith(".");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Goes through a folder, given with a slash at its end, unless all in it comes too early. */
  private boolean descend(String folder, String prefix) throws IOException {
    String rest = "";
    if (after.startsWith(folder)) {
      rest = after.substring(folder.length());
    } else if (ObjectKeys.ORDER.compare(after, folder) > 0) {
      return true;
    }
    String path = folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1);
    return MarkerKey.isShard(path) ? shard(path, prefix, rest) : folder(path, prefix, rest);
  }

  private boolean shard(String shard, String prefix, String rest) throws IOException {
    if (prefix.isEmpty() && rest.isEmpty() && visitor.shard(shard)) {
      return true;
    }
    String from = rest;
    while (true) {
      List<ObjectInfo> page = markers.list(shard, prefix, from, MARKERS_AT_ONCE);
      for (ObjectInfo marker : page) {
        if (!visitor.object(marker)) {
          return false;
        }
      }
      if (page.size() < MARKERS_AT_ONCE) {
        return true;
      }
      from = page.get(page.size() - 1).key().substring(shard.length() + 1);
    }
  }

  private boolean folder(String key, String prefix, String rest) throws IOException {
    Path folder = root.resolve(key);
    boolean stage = MarkerKey.isStage(key);
    Deque<String> waiting = new ArrayDeque<>();
    String done = "";
    String from = ObjectKeys.ORDER.compare(prefix, rest) > 0 ? prefix : rest;
    while (true) {
      FolderNames.Chunk chunk = folders.read(folder, from, stage);
      for (String name : chunk.names()) {
        boolean early = ObjectKeys.ORDER.compare(name, rest) < 0 && !rest.startsWith(name);
        if (early || ObjectKeys.ORDER.compare(name, done) <= 0 || !name.startsWith(prefix)) {
          continue;
        }
        String child = key.isEmpty() ? name : key + "/" + name;
        if (!descendBefore(child, waiting) || !visit(child, stage, waiting)) {
          return false;
        }
      }
      if (chunk.last() || !chunk.end().startsWith(prefix)) {
        return descendBefore(null, waiting);
      }
      done = chunk.end();
      from = done;
    }
  }

  /** Goes through the folders that waited for a key, or through all that still wait. */
  private boolean descendBefore(@Nullable String key, Deque<String> waiting) throws IOException {
    while (!waiting.isEmpty()
        && (key == null || ObjectKeys.ORDER.compare(waiting.getFirst(), key) < 0)) {
      if (!descend(waiting.removeFirst(), "")) {
        return false;
      }
    }
    return true;
  }

  private boolean visit(String key, boolean inStage, Deque<String> waiting) throws IOException {
    if (key.startsWith(".")) {
      return true; // the store's own, or another part's of the backend
    }
    BasicFileAttributes file = Stat.of(root.resolve(key));
    boolean below = file != null && file.isDirectory();
    if (file != null
        && file.isRegularFile()
        && ObjectKeys.ORDER.compare(key, after) > 0
        && !visitor.object(FileObjects.info(key, file))) {
      return false;
    }
    if (below || (inStage && Files.exists(root.resolve(key + MarkerKey.SUFFIX)))) {
      waiting.addFirst(key + "/");
    }
    return true;
  }
}
