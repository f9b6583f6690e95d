package io.yunpipe.cli;

import io.yunpipe.RunState;
import io.yunpipe.RunStatus;

/** What the process ends with. */
final class ExitCode {
  /** All succeeded. */
  static final int OK = 0;

  /** Some jobs failed, or the run was cancelled. */
  static final int JOBS_FAILED = 1;

  /** Some pipeline does not run the newest images; what {@code outdated} was asked. */
  static final int OUTDATED = 1;

  /** The arguments, a definition, a setting or an input cannot be used. */
  static final int BAD_INPUT = 2;

  /** Storage, queue or compute failed. */
  static final int BACKEND_FAILED = 3;

  /** Ended by Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** Returns the code for a run, which may still go on. */
  static int of(RunStatus status) {
    boolean bad = status.state() == RunState.FAILED || status.state() == RunState.CANCELLED;
    return bad || status.failed() > 0 ? JOBS_FAILED : OK;
  }
}
