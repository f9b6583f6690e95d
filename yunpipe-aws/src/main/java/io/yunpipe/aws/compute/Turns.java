package io.yunpipe.aws.compute;

import io.yunpipe.internal.Json;
import io.yunpipe.internal.Keys;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to look after a stage's workers: of all programs that see messages wait, one at
 * a time. It is an object with a time until which it holds, which is replaced only if it is still
 * the one seen. What it must bridge is the time until an engine shows what was asked of it. Should
 * it fail, there are more workers than needed for a while, which harms nothing.
 *
 * <p>Another object says that the pipeline is parked: programs that do not know it start nothing.
 */
public final class Turns {
  static final Duration HELD = Duration.ofSeconds(20);

  private static final int PAGE = 1000;

  /** No stage has a name like this. */
  private static final String PARKED = "-parked";

  private final ObjectStore store;
  private final String prefix;
  private final Clock clock;

  /**
   * A turn.
   *
   * @param by names it
   * @param until when the next may be taken, in milliseconds since 1970
   * @param look what was seen the last time, or null
   */
  record Turn(String by, long until, @Nullable Look look) {}

  Turns(ObjectStore store, String pipeline, Clock clock) {
    this.store = store;
    this.prefix = Keys.workers(pipeline);
    this.clock = clock;
  }

  /** Lets nobody start workers of a pipeline from now on. */
  public static void park(ObjectStore store, String pipeline) {
    store.put(Keys.workers(pipeline) + PARKED, Content.of(new byte[] {'\n'}));
  }

  /** Lets programs start workers again, as if there had never been any. */
  public static void unpark(ObjectStore store, String pipeline) {
    String prefix = Keys.workers(pipeline);
    List<ObjectInfo> found;
    do {
      found = store.list(prefix, "", PAGE);
      store.deleteAll(found.stream().map(ObjectInfo::key).toList());
    } while (found.size() == PAGE);
  }

  /** Returns whether nobody may start workers. */
  boolean parked() {
    return store.head(prefix + PARKED).isPresent();
  }

  /** Takes the turn, unless somebody has it. */
  Optional<Turn> take(String stage) {
    String key = prefix + stage;
    Optional<ObjectInfo> found = store.head(key);
    if (found.isEmpty()) {
      Turn first = mine(null);
      return store.putIfAbsent(key, content(first)) ? Optional.of(first) : Optional.empty();
    }
    Optional<byte[]> bytes = store.read(key);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    Turn before = Json.read(bytes.get(), Turn.class, key);
    // One that would hold for longer than any does was written by a clock that is ahead.
    long left = before.until() - clock.millis();
    if (left > 0 && left <= 2 * HELD.toMillis()) {
      return Optional.empty();
    }
    Turn next = mine(before.look());
    return store.putIfMatch(key, content(next), found.get().etag())
        ? Optional.of(next)
        : Optional.empty();
  }

  private Turn mine(@Nullable Look look) {
    return new Turn(UUID.randomUUID().toString(), clock.millis() + HELD.toMillis(), look);
  }

  /** Keeps what was seen in a turn for the next one. */
  void keep(String stage, Turn turn, Look look) {
    store.put(prefix + stage, content(new Turn(turn.by(), turn.until(), look)));
  }

  private static Content content(Turn turn) {
    return Content.of(Json.bytes(turn));
  }
}
