package io.yunpipe.aws;

import io.yunpipe.SetUpListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the workers of a pipeline and waits until they are gone: engines take a while, and what
 * workers still use cannot be deleted.
 */
final class WorkersEnd {
  private static final Logger logger = LoggerFactory.getLogger(WorkersEnd.class);

  /** Containers have two minutes to end, machines little more. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ToIntFunction<String> stopAll;
  private final IntSupplier left;
  private final Clock clock;
  private final Runnable pause;

  /**
   * Creates it.
   *
   * @param stopAll tells all workers to end, and returns how many
   * @param left counts those that are not gone
   * @param pause waits between two looks
   */
  WorkersEnd(ToIntFunction<String> stopAll, IntSupplier left, Clock clock, Runnable pause) {
    this.stopAll = stopAll;
    this.left = left;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Ends them. Returns when all are gone, or not gone after some minutes, which is told.
   *
   * @param reason shown by the engine
   */
  void end(String reason, SetUpListener listener) {
    int ended = stopAll.applyAsInt(reason);
    logger.info("Told {} jobs, tasks or machines to end: {}", ended, reason);
    Instant until = clock.instant().plus(PATIENCE);
    int told = 0;
    for (int alive = left.getAsInt(); alive > 0; alive = left.getAsInt()) {
      if (alive != told) {
        listener.step("Waiting for " + alive + " workers (jobs, tasks or machines) to end");
        told = alive;
      }
      if (!clock.instant().isBefore(until)) {
        listener.step(
            alive
                + " workers (jobs, tasks or machines) have not ended within "
                + PATIENCE.toMinutes()
                + " minutes; going on without waiting for them");
        return;
      }
      pause.run();
    }
  }
}
