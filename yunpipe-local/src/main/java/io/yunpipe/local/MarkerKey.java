package io.yunpipe.local;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A key of the form {@code runs/…/done/<stage>/<shard>/<name>}. All of a shard share the file
 * {@code runs/…/done/<stage>/<shard>.jsonl}.
 *
 * <p>The first part {@code done} counts, from the fourth part on. A shard whose name is so long
 * that its file's would be too long has ordinary objects.
 *
 * @param shard the key up to the shard, without a slash at its end
 * @param name the rest; has a slash if the key has more parts
 */
record MarkerKey(String shard, String name) {
  /** What a shard's file has after the shard's name. */
  static final String SUFFIX = ".jsonl";

  private static final String RUNS = "runs/";
  private static final String DONE = "/done/";
  private static final int MAX_SHARD_BYTES = 255 - SUFFIX.length();

  /** Returns the parts of a marker's key, or of a prefix of such keys; null for any other. */
  static @Nullable MarkerKey of(String key) {
    int stage = afterDone(key);
    int shard = stage < 0 ? -1 : key.indexOf('/', stage) + 1;
    int name = shard <= 0 ? -1 : key.indexOf('/', shard) + 1;
    if (name <= 0 || !fits(key.substring(shard, name - 1))) {
      return null;
    }
    return new MarkerKey(key.substring(0, name - 1), key.substring(name));
  }

  /** Returns whether a path without a slash at its end is that of a shard. */
  static boolean isShard(String path) {
    int stage = afterDone(path);
    int shard = stage < 0 ? -1 : path.indexOf('/', stage) + 1;
    return shard > 0 && path.indexOf('/', shard) < 0 && fits(path.substring(shard));
  }

  /** Returns whether a path without a slash at its end holds shards. */
  static boolean isStage(String path) {
    int stage = afterDone(path);
    return stage >= 0 && path.indexOf('/', stage) < 0;
  }

  /** Returns whether the file of an ordinary object would be taken for a shard's. */
  static boolean isTaken(String key) {
    int stage = afterDone(key);
    int shard = stage < 0 ? -1 : key.indexOf('/', stage) + 1;
    if (shard <= 0 || of(key) != null) {
      return false;
    }
    int end = key.indexOf('/', shard);
    return key.substring(shard, end < 0 ? key.length() : end).endsWith(SUFFIX);
  }

  /** Returns where the stage's name starts, or -1 if the key is no run's or has no such part. */
  private static int afterDone(String key) {
    if (!key.startsWith(RUNS)) {
      return -1;
    }
    int run = key.indexOf('/', RUNS.length()) + 1;
    int rest = run <= 0 ? -1 : key.indexOf('/', run);
    int done = rest < 0 ? -1 : key.indexOf(DONE, rest);
    return done < 0 ? -1 : done + DONE.length();
  }

  private static boolean fits(String shard) {
    return shard.getBytes(StandardCharsets.UTF_8).length <= MAX_SHARD_BYTES;
  }
}
