package io.yunpipe;

import org.jspecify.annotations.Nullable;

/** Storage, queue or compute failed. */
public final class BackendException extends YunpipeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /**
   * Creates the exception.
   *
   * @param message what was attempted, on what, what came back and what to do
   * @param retryable whether the same call may succeed later
   * @param cause what the backend's own client threw, or null
   */
  public BackendException(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Creates the exception for a failure that the same call would meet again. */
  public BackendException(String message, @Nullable Throwable cause) {
    this(message, false, cause);
  }

  /** Returns whether the same call may succeed later. */
  public boolean retryable() {
    return retryable;
  }
}
