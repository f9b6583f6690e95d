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
 * </ol>
 *
 * <p>Workers are never told to end: one that finds nothing ends by itself.
 */
public final class Scaling {
  static final int MESSAGES_PER_WORKER = 4;
  static final Duration SETTLED = Duration.ofMinutes(1);
  static final Duration SOON = Duration.ofMinutes(2);

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
    long missing = Math.min(wanted, most) - alive;
    return (int) Math.max(0, Math.min(missing, now.waiting() - now.starting()));
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
