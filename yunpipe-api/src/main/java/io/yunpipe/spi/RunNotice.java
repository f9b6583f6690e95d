package io.yunpipe.spi;

/**
 * Something about a run that its owner wants to hear.
 *
 * @param pipeline the pipeline
 * @param run the run's id
 * @param what what happened
 * @param text one or more lines for a person
 */
public record RunNotice(String pipeline, String run, What what, String text) {
  /** What happened. */
  public enum What {
    /** All jobs succeeded. */
    FINISHED,
    /** The run ended with failed jobs, or was cancelled. */
    FAILED,
    /** The run was cancelled because its budget was reached. */
    BUDGET,
    /** The run was cancelled because its deadline passed. */
    DEADLINE,
    /** Jobs wait and no worker starts. */
    STUCK
  }
}
