package io.yunpipe.aws.compute;

import io.yunpipe.spi.QueueDepth;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a stage.
 *
 * @param at when, in milliseconds since 1970
 * @param waiting messages that nobody has taken
 * @param leased messages that somebody has taken
 * @param running workers that run
 * @param starting workers that start
 * @param launchedAt when workers were started last; 0 for never
 * @param round the workers that were started last, or null if they are judged
 * @param fruitless how many rounds in a row ended while no message was taken
 */
public record Look(
    long at,
    long waiting,
    long leased,
    int running,
    int starting,
    long launchedAt,
    @Nullable Round round,
    int fruitless) {
  /**
   * Whoever sees messages wait looks each minute at least, and a worker waits for messages for a
   * minute. So, if nobody looked for longer than this, the queue was empty meanwhile.
   */
  static final long GAP_MILLIS = 90_000;

  /**
   * Workers that were started together.
   *
   * @param others how many lived besides them
   */
  record Round(int others) {}

  /** Returns a look that knows of none before. */
  public static Look of(long at, long waiting, int running, int starting, long launchedAt) {
    return new Look(at, waiting, 0, running, starting, launchedAt, null, 0);
  }

  /** Returns what is seen now, with what follows from what was seen before. */
  static Look after(@Nullable Look before, long at, long waiting, QueueDepth depth, Census census) {
    Look now =
        new Look(
            at,
            waiting,
            depth.leased(),
            census.running(),
            census.starting(),
            before == null ? 0 : before.launchedAt(),
            null,
            0);
    if (before == null || before.moved(now)) {
      return now;
    }
    boolean gone = before.round() != null && census.alive() <= before.round().others();
    return gone
        ? now.with(null, before.fruitless() + 1)
        : now.with(before.round(), before.fruitless());
  }

  /** Returns whether something was done between this look and a later one. */
  private boolean moved(Look later) {
    return !continuedBy(later.at()) || later.waiting() < waiting || later.leased() != leased;
  }

  /** Returns whether messages were waiting all the time from this look to another one. */
  boolean continuedBy(long time) {
    return time - at <= GAP_MILLIS;
  }

  private Look with(@Nullable Round last, int rounds) {
    return new Look(at, waiting, leased, running, starting, launchedAt, last, rounds);
  }

  /** Returns this look after workers were started. */
  Look launched(long time) {
    return new Look(
        at, waiting, leased, running, starting, time, new Round(running + starting), fruitless);
  }
}
