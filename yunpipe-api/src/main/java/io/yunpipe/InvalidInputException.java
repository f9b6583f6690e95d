package io.yunpipe;

import org.jspecify.annotations.Nullable;

/**
 * The inputs of a submission cannot be used: missing, empty, unreadable, changing, or an unsafe
 * archive.
 */
public final class InvalidInputException extends YunpipeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the input and the remedy. */
  public InvalidInputException(String message) {
    this(message, null);
  }

  /** Creates the exception with its cause. */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
