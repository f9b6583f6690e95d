package io.yunpipe.aws.sqs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of SQS that queues need. Calls are tried again where that may help. Thread-safe.
 *
 * <p>All throw {@link SqsRefusal} for what the service refuses, and {@link
 * io.yunpipe.BackendException} if it cannot be reached.
 */
interface SqsCalls {
  /** Most entries of a batch, and of what one call receives. */
  int MAX_ENTRIES = 10;

  /** What the depth of a queue is read from. */
  String VISIBLE = "ApproximateNumberOfMessages";

  String NOT_VISIBLE = "ApproximateNumberOfMessagesNotVisible";
  String DELAYED = "ApproximateNumberOfMessagesDelayed";
  String REDRIVE_POLICY = "RedrivePolicy";
  String QUEUE_ARN = "QueueArn";

  /**
   * A message to send.
   *
   * @param group whose it is, where queues are to be fair
   */
  record Outgoing(String body, @Nullable String group) {}

  /**
   * A message received.
   *
   * @param md5 of the body, as the service has it; lower-case hex
   */
  record Incoming(String id, String receipt, String body, String md5, int receives) {}

  /**
   * An entry of a batch that failed.
   *
   * @param entry its place in the batch, from 0
   * @param ours whether the service blames the request
   */
  record Refused(int entry, boolean ours, String code, String message) {}

  /** Sends at most ten messages; returns those that were not sent. */
  List<Refused> send(String queue, List<Outgoing> messages, int delaySeconds);

  /** Receives at most ten messages. */
  List<Incoming> receive(String queue, int max, int waitSeconds, int leaseSeconds);

  /** Lets at most ten messages be offered again so long from now; returns those it was not for. */
  List<Refused> changeVisibility(String queue, List<String> receipts, int seconds);

  /** Deletes at most ten messages; returns those that were not deleted. */
  List<Refused> delete(String queue, List<String> receipts);

  /** Returns a queue's URL, or empty if there is none of that name. */
  Optional<String> url(String name, @Nullable String account);

  /** Returns attributes of a queue; those not set are left out. */
  Map<String, String> attributes(String queue, List<String> names);

  /** Replaces attributes of a queue. */
  void setAttributes(String queue, Map<String, String> attributes);

  /** Creates a queue unless there is one with the same attributes; returns its URL. */
  String create(String name, Map<String, String> attributes);

  /** Deletes a queue. */
  void remove(String queue);

  /** Returns the URLs of all queues whose names have the prefix. */
  List<String> urls(String prefix);
}
