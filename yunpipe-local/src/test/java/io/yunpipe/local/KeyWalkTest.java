package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings of random trees, read in small pieces, against a sorted set. */
class KeyWalkTest {
  private static final List<String> PARTS =
      List.of("a", "a-", "a-b", "a.b", "a0", "b", "b!", "é", "😀", "\uFFFD", "done", "0001");

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void page_anyPrefixAndStart_isWhatASortedSetHas(long seed) throws IOException {
    Random random = new Random(seed);
    TreeSet<String> expected = new TreeSet<>(ObjectKeys.ORDER);
    try (DirectoryObjectStore store = new DirectoryObjectStore(root, false)) {
      for (int i = 0; i < 120; i++) {
        String key = key(random);
        // An object is no folder of others.
        if (expected.stream().noneMatch(k -> k.startsWith(key + "/") || key.startsWith(k + "/"))) {
          store.put(key, Content.of("{}"));
          expected.add(key);
        }
      }
    }
    SharedPlace place = SharedPlace.acquire(root.toRealPath());
    FolderNames folders = new FolderNames(root.resolve(".lock/clock"), 3, 2);
    Markers markers = new Markers(root.toRealPath(), new Disk(false), place);
    List<String> keys = new ArrayList<>(expected);
    for (int i = 0; i < 600; i++) {
      String prefix = part(random, keys.get(random.nextInt(keys.size())));
      String after = part(random, keys.get(random.nextInt(keys.size())));
      int limit = 1 + random.nextInt(20);
      List<String> found = new ArrayList<>();
      new KeyWalk(
              root.toRealPath(),
              folders,
              markers,
              after,
              info -> {
                found.add(info.key());
                return found.size() < limit;
              })
          .run(prefix);

      assertThat(found)
          .as("prefix '%s' after '%s' limit %d", prefix, after, limit)
          .isEqualTo(
              expected.tailSet(after, false).stream()
                  .filter(key -> key.startsWith(prefix))
                  .limit(limit)
                  .toList());
    }
    place.release();
  }

  private static String key(Random random) {
    StringBuilder key = new StringBuilder(random.nextBoolean() ? "runs/ab/r1" : "in");
    for (int depth = 1 + random.nextInt(5); depth > 0; depth--) {
      key.append('/').append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return key.toString();
  }

  private static String part(Random random, String key) {
    int points = key.codePointCount(0, key.length());
    String part = key.substring(0, key.offsetByCodePoints(0, random.nextInt(points + 1)));
    return random.nextInt(4) == 0 ? part + "/" : part;
  }
}
