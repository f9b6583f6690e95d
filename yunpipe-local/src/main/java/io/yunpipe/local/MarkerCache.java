package io.yunpipe.local;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The marker files used last, bounded in number and in markers. Thread-safe. It decides nothing:
 * what is not here any more is read again.
 */
final class MarkerCache {
  private static final int MAX_FILES = 256;
  private static final int MAX_MARKERS = 100_000;
  private static final int MAX_SUMMARIES = 20_000;

  private final Map<Path, MarkerFile> files = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Path, MarkerFile.Summary> summaries = new LinkedHashMap<>(64, 0.75f, true);

  /** Returns what is known of a file; nothing yet if it is new here. */
  synchronized MarkerFile file(Path path) {
    MarkerFile file = files.get(path);
    if (file == null) {
      evict();
      file = new MarkerFile(path);
      files.put(path, file);
      summaries.remove(path);
    }
    return file;
  }

  /** Returns what was known of a file that is not kept any more. */
  synchronized MarkerFile.@Nullable Summary summary(Path path) {
    return summaries.get(path);
  }

  /** Forgets a file. */
  synchronized void remove(Path path) {
    files.remove(path);
    summaries.remove(path);
  }

  private void evict() {
    long markers = 0;
    for (MarkerFile file : files.values()) {
      markers += file.count();
    }
    Iterator<Map.Entry<Path, MarkerFile>> eldest = files.entrySet().iterator();
    while (eldest.hasNext() && (files.size() >= MAX_FILES || markers > MAX_MARKERS)) {
      Map.Entry<Path, MarkerFile> entry = eldest.next();
      markers -= entry.getValue().count();
      eldest.remove();
      summaries.put(entry.getKey(), entry.getValue().summary());
    }
    Iterator<Path> oldest = summaries.keySet().iterator();
    while (summaries.size() > MAX_SUMMARIES) {
      oldest.next();
      oldest.remove();
    }
  }
}
