package io.yunpipe.aws.http;

import org.jspecify.annotations.Nullable;

/** A service understood a call and refused it: the cause of the exception that callers get. */
public final class AwsRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient AwsError error;

  /** Creates it. */
  public AwsRefusal(AwsError error) {
    super(error.toString());
    this.error = error;
  }

  /** Returns what the service said. */
  public AwsError error() {
    return error;
  }

  /** Returns whether an exception was caused by a refusal with a code. */
  public static boolean is(@Nullable Throwable failure, String code) {
    Throwable cause = failure == null ? null : failure.getCause();
    return cause instanceof AwsRefusal refusal && refusal.error.code().equals(code);
  }

  /** Returns whether an exception was caused by a refusal with words in its message. */
  public static boolean says(Throwable failure, String words) {
    return failure.getCause() instanceof AwsRefusal refusal
        && refusal.error.message().contains(words);
  }
}
