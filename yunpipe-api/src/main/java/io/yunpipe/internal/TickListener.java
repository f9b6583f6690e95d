package io.yunpipe.internal;

import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.Staff;
import java.util.Optional;

/** Hears what was seen while unfinished runs were looked after. */
public interface TickListener {
  /** Hears nothing. */
  TickListener NONE =
      new TickListener() {
        @Override
        public void pipeline(String pipeline, int openRuns) {}

        @Override
        public void stage(
            String pipeline,
            String stage,
            QueueDepth depth,
            int deadLetters,
            Optional<Staff> staff) {}
      };

  /** Called once for each pipeline that has unfinished runs. */
  void pipeline(String pipeline, int openRuns);

  /**
   * Called for each stage of unfinished runs.
   *
   * @param depth its queue
   * @param deadLetters jobs of dead letters that were committed as failed
   * @param staff its workers, if they are known
   */
  void stage(
      String pipeline, String stage, QueueDepth depth, int deadLetters, Optional<Staff> staff);
}
