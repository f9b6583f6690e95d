package io.yunpipe;

import java.util.List;

/** Jobs of a run failed and the caller asked for success. */
public final class JobFailedException extends YunpipeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Failure> failures;

  /**
   * Creates the exception.
   *
   * @param message what failed and what to do
   * @param failures the first failures of the run; may be shorter than their number
   */
  public JobFailedException(String message, List<Failure> failures) {
    super(message, null);
    this.failures = List.copyOf(failures);
  }

  /** Returns the first failures, unmodifiable. */
  public List<Failure> failures() {
    return failures;
  }
}
