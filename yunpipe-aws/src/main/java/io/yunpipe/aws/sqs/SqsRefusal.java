package io.yunpipe.aws.sqs;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsError;
import io.yunpipe.aws.http.AwsFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The service understood a call and refused it. */
final class SqsRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String right;
  private final transient AwsError error;

  /**
   * Creates it.
   *
   * @param action the service's name of what was refused, such as {@code SendMessageBatch}
   */
  SqsRefusal(String action, AwsError error, @Nullable Throwable cause) {
    super(error.toString(), cause);
    // Batches need the right to do the single thing.
    this.right = action.endsWith("Batch") ? action.substring(0, action.length() - 5) : action;
    this.error = error;
  }

  AwsError error() {
    return error;
  }

  /** Returns whether there is no such queue. */
  boolean missing() {
    return is("NonExistentQueue") || is("QueueDoesNotExist");
  }

  /** Returns whether a queue of the name was deleted less than a minute ago. */
  boolean deletedRecently() {
    return is("QueueDeletedRecently");
  }

  /** Returns whether there is a queue of the name with other attributes. */
  boolean exists() {
    return is("QueueAlreadyExists") || is("QueueNameExists");
  }

  /** Codes have a prefix, a suffix or neither, by protocol. */
  private boolean is(String code) {
    return error.code().contains(code);
  }

  /**
   * Returns the exception for callers.
   *
   * @param attempt what was attempted, such as {@code send to}
   * @param queue the queue's name
   */
  BackendException describe(String attempt, String queue) {
    return new BackendException(
        "Could not "
            + attempt
            + " SQS queue "
            + queue
            + ": "
            + error
            + (error.toString().endsWith(".") ? " " : ". ")
            + remedy(),
        error.passing() || is("OverLimit"),
        this);
  }

  private String remedy() {
    if (missing()) {
      return "The queue is not there, or not in this region or account. Pipeline.init() (yunpipe"
          + " init) makes it; check yunpipe.aws.region and yunpipe.aws.queue-prefix.";
    }
    Optional<String> credentials = AwsFailure.credentials(error);
    if (credentials.isPresent()) {
      return credentials.get();
    }
    if (is("AccessDenied") || error.status() == 403) {
      return "Grant sqs:" + right + " on this queue to the identity in use.";
    }
    if (is("OverLimit")) {
      return "As many messages are being worked on as a queue allows (120,000); wait until some are"
          + " done.";
    }
    return error.passing() ? "Try again later." : "Check the queue and the settings yunpipe.aws.";
  }
}
