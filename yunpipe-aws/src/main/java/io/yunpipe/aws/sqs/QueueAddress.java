package io.yunpipe.aws.sqs;

import io.yunpipe.BackendException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A queue's name and, once somebody asked, its URL. Thread-safe. */
final class QueueAddress {
  private final SqsCalls calls;
  private final String label;
  private final @Nullable QueueAddress source;
  private volatile @Nullable String url;

  private QueueAddress(SqsCalls calls, String label, @Nullable QueueAddress source) {
    this.calls = calls;
    this.label = label;
    this.source = source;
  }

  static QueueAddress named(SqsCalls calls, String name) {
    return new QueueAddress(calls, name, null);
  }

  /** Returns where this queue's dead letters go, as its redrive policy says. */
  QueueAddress deadLetters() {
    return new QueueAddress(calls, "of dead letters of " + label, this);
  }

  boolean ofDeadLetters() {
    return source != null;
  }

  /** Looks the URL up if it is not known. */
  String url() {
    String known = url;
    if (known == null) {
      known = source == null ? find(label, null) : findDeadLetters(source);
      url = known;
    }
    return known;
  }

  /** Looks anew next time: the queue may have been made again. */
  void forget() {
    url = null;
  }

  private String find(String name, @Nullable String account) {
    try {
      Optional<String> found = calls.url(name, account);
      return found.orElseThrow(
          () ->
              new BackendException(
                  "There is no SQS queue "
                      + name
                      + " in this region and account. Pipeline.init() (yunpipe init) makes it;"
                      + " check yunpipe.aws.region and yunpipe.aws.queue-prefix.",
                  null));
    } catch (SqsRefusal e) {
      throw e.describe("find", name);
    }
  }

  private String findDeadLetters(QueueAddress source) {
    String policy;
    try {
      policy =
          calls
              .attributes(source.url(), List.of(SqsCalls.REDRIVE_POLICY))
              .getOrDefault(SqsCalls.REDRIVE_POLICY, "");
    } catch (SqsRefusal e) {
      throw e.describe("read the redrive policy of", source.label);
    }
    String[] arn = RedrivePolicy.parse(policy).target().split(":", -1);
    if (arn.length < 6) {
      throw new BackendException(
          "SQS queue "
              + source.label
              + " has no queue of dead letters (its redrive policy is '"
              + policy
              + "'). Pipeline.init() (yunpipe init) sets one up.",
          null);
    }
    return find(arn[5], arn[4].isEmpty() ? null : arn[4]);
  }

  /** Returns the name, or what stands for it. */
  @Override
  public String toString() {
    return label;
  }
}
