package io.yunpipe;

import java.util.List;

/**
 * What a clean-up did, proved by listing afterwards.
 *
 * @param removed what is gone
 * @param kept what is still there, each with the reason
 */
public record CleanUp(List<String> removed, List<String> kept) {
  /** What happens to a pipeline's data. */
  public enum Mode {
    /** Queues and scratch are removed, runs and results are kept. */
    KEEP_DATA,
    /** Everything of the pipeline is removed. */
    EMPTY
  }

  /** Copies the lists. */
  public CleanUp {
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
  }
}
