package io.yunpipe;

import org.jspecify.annotations.Nullable;

/**
 * Root of all that yunpipe throws on its own account; a closed list.
 *
 * <p>A message says what was attempted, on what, what came back and what to do.
 */
public abstract sealed class YunpipeException extends RuntimeException
    permits InvalidPipelineException,
        InvalidInputException,
        ConfigurationException,
        BackendException,
        JobFailedException {
  private static final long serialVersionUID = 1L;

  YunpipeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
