package io.yunpipe.aws.compute;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many workers a stage gets. One rule for all engines:
 *
 * <ol>
 *   <li>One worker for each four messages that wait, each of which may hold several short jobs. A
 *       worker takes about a minute to start and is paid for a minute at least, so it should find
 *       more to do than one short job.
 *   <li>How long jobs take is not known before they run. So, while the queue would last for more
 *       than two minutes at the pace seen between two looks, workers are doubled; each time only
 *       after those asked for before run, since only then the pace tells anything.
 *   <li>Those that start count as if they ran; there are never more starting than messages that
 *       wait, and never more than the limit in all.
 *   <li>If all workers of a round ended and no message was taken, and those of the next round as
 *       well, something is wrong with them. From then on one is tried at a time, after pauses that
 *       double, until a message is taken.
 * </ol>
 *
 * <p>Workers are never told to end: one that finds nothing ends by itself.
 */
public final class Scaling {
  static final int MESSAGES_PER_WORKER = 4;
  static final Duration SETTLED = Duration.ofMinutes(1);
  static final Duration SOON = Duration.ofMinutes(2);

  /** A round may be lost to bad luck, such as machines that were reclaimed. */
  private static final int HOPELESS = 2;

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  private Scaling() {}

  /**
   * Returns how many workers to start.
   *
   * @param now what is seen
   * @param before what was seen the time before, or null
   * @param most limit of workers
   */
  public static int missing(Look now, @Nullable Look before, int most) {
    if (now.waiting() <= 0) {
      return 0;
    }
    long wanted = (now.waiting() + MESSAGES_PER_WORKER - 1) / MESSAGES_PER_WORKER;
    if (before != null && settled(now) && !doneSoon(now, before)) {
      wanted = Math.max(wanted, 2L * now.running());
    }
    long alive = (long) now.running() + now.starting();
    long missing = Math.min(Math.min(wanted, most) - alive, now.waiting() - (long) now.starting());
    if (hopeless(now)) {
      missing = now.round() != null || now.at() < nextTry(now) ? 0 : Math.min(missing, 1);
    }
    return (int) Math.max(0, missing);
  }

  /** Returns whether workers end without taking a message, again and again. */
  static boolean hopeless(Look now) {
    return now.fruitless() >= HOPELESS;
  }

  /** Returns when a worker is tried again while it looks hopeless, in milliseconds since 1970. */
  static long nextTry(Look now) {
    int doubled = Math.min(now.fruitless() - HOPELESS, 10);
    return now.launchedAt() + Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << doubled);
  }

  private static boolean settled(Look now) {
    return now.running() > 0
        && now.starting() == 0
        && now.at() - now.launchedAt() >= SETTLED.toMillis();
  }

  private static boolean doneSoon(Look now, Look before) {
    double perMilli = (double) (before.waiting() - now.waiting()) / (now.at() - before.at());
    return perMilli > 0 && now.waiting() / perMilli <= SOON.toMillis();
  }
}
