package io.yunpipe.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What all stores of this program over one folder share: locks, since those between programs do not
 * hold within one, and what is known about marker files.
 */
final class SharedPlace {
  private static final Map<Path, SharedPlace> OPEN = new HashMap<>();

  private final Path root;
  private final StoreLocks locks;
  private final MarkerCache markers = new MarkerCache();
  private int users;

  private SharedPlace(Path root) {
    this.root = root;
    this.locks = new StoreLocks(root.resolve(DirectoryObjectStore.LOCKS));
  }

  /** Returns the place of a root folder; to be released as often. */
  static SharedPlace acquire(Path root) {
    synchronized (OPEN) {
      SharedPlace place = OPEN.computeIfAbsent(root, SharedPlace::new);
      place.users++;
      return place;
    }
  }

  StoreLocks locks() {
    return locks;
  }

  MarkerCache markers() {
    return markers;
  }

  void release() {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(root);
        try {
          locks.close();
        } catch (IOException e) {
          throw new UncheckedIOException("Could not close the locks of " + root, e);
        }
      }
    }
  }
}
