package io.yunpipe;

/** Where a run is. */
public enum RunState {
  /** Inputs are still being taken; jobs may already run. */
  SUBMITTING,
  /** All inputs are taken. */
  RUNNING,
  /** Finished, and every job succeeded. */
  SUCCEEDED,
  /** Finished, and some job failed. */
  FAILED,
  /** Stopped before it finished. */
  CANCELLED;

  /** Returns whether nothing more will happen. */
  public boolean finished() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
