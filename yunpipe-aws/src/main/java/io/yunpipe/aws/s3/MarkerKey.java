package io.yunpipe.aws.s3;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key of the form {@code runs/…/done/<stage>/<shard>/<name>}, or the prefix of such keys. The
 * first part {@code done} counts, from the fourth part on.
 *
 * @param shard the key up to the shard, with a slash at its end
 * @param name the rest; may have slashes; may be empty in a prefix
 */
record MarkerKey(String shard, String name) {
  private static final String RUNS = "runs/";
  private static final String DONE = "/done/";
  private static final Pattern SLOT = Pattern.compile("~[0-3]*-\\d{6}");

  /** Returns the parts of a marker's key or of a prefix inside one shard; null for any other. */
  static @Nullable MarkerKey of(String key) {
    if (!key.startsWith(RUNS)) {
      return null;
    }
    int run = key.indexOf('/', RUNS.length()) + 1;
    int rest = run <= 0 ? -1 : key.indexOf('/', run);
    int done = rest < 0 ? -1 : key.indexOf(DONE, rest);
    int shard = done < 0 ? -1 : key.indexOf('/', done + DONE.length()) + 1;
    int name = shard <= 0 ? -1 : key.indexOf('/', shard) + 1;
    if (name <= 0 || isSlot(key.substring(name))) {
      return null;
    }
    return new MarkerKey(key.substring(0, name), key.substring(name));
  }

  /** Returns the shard of an object that holds markers, with a slash; null for any other key. */
  static @Nullable String shardOfSlot(String key) {
    int name = key.lastIndexOf('/') + 1;
    MarkerKey shard = name == 0 ? null : of(key.substring(0, name));
    return shard != null && shard.name().isEmpty() && isSlot(key.substring(name))
        ? shard.shard()
        : null;
  }

  /** Returns whether a name below a shard is that of an object that holds markers. */
  static boolean isSlot(String name) {
    return SLOT.matcher(name).matches();
  }
}
