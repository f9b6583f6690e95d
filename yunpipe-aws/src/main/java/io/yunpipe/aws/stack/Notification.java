package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsRefusal;
import io.yunpipe.aws.http.XmlNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a bucket that is not the stack's tells the pipeline's queue. Others' entries stay as they
 * are. Ours is found by its id, or by the queue: an entry that a stack made with the bucket has an
 * id of S3's choice.
 *
 * @param id ours
 * @param queue the ARN of the queue
 * @param prefix what keys of uploads start with
 */
record Notification(String id, String queue, String prefix) {
  private static final String CREATED = "s3:ObjectCreated:*";

  /** Returns whether the bucket tells the queue already. */
  boolean in(XmlNode configuration) {
    return configuration.children().stream().anyMatch(this::same);
  }

  private boolean same(XmlNode entry) {
    return ours(entry)
        && entry.value("Queue").equals(queue)
        && entry.value("Event").equals(CREATED)
        && prefix(entry).equals(prefix);
  }

  private boolean ours(XmlNode entry) {
    return entry.value("Id").equals(id) || entry.value("Queue").equals(queue);
  }

  /** Returns whether there is an entry of ours, right or not. */
  boolean traces(XmlNode configuration) {
    return configuration.children().stream().anyMatch(this::ours);
  }

  private static String prefix(XmlNode entry) {
    return rule(entry, "prefix");
  }

  private static String rule(XmlNode entry, String name) {
    return entry.all("Filter/S3Key/FilterRule").stream()
        .filter(rule -> rule.value("Name").equalsIgnoreCase(name))
        .map(rule -> rule.value("Value"))
        .findFirst()
        .orElse("");
  }

  private XmlNode entry() {
    return new XmlNode(
        "QueueConfiguration",
        "",
        List.of(
            XmlNode.text("Id", id),
            XmlNode.text("Queue", queue),
            XmlNode.text("Event", CREATED),
            new XmlNode(
                "Filter",
                "",
                List.of(
                    new XmlNode(
                        "S3Key",
                        "",
                        List.of(
                            new XmlNode(
                                "FilterRule",
                                "",
                                List.of(
                                    XmlNode.text("Name", "prefix"),
                                    XmlNode.text("Value", prefix)))))))));
  }

  /**
   * Adds or corrects our entry.
   *
   * @throws BackendException if S3 would not accept it beside another's
   */
  void put(Buckets buckets, String bucket) {
    XmlNode configuration = buckets.notification(bucket);
    if (in(configuration)) {
      return;
    }
    List<XmlNode> entries = others(configuration);
    for (XmlNode other : entries) {
      if (overlaps(other)) {
        throw conflict(bucket, other);
      }
    }
    entries.add(entry());
    try {
      buckets.notification(bucket, document(entries));
    } catch (BackendException e) {
      if (AwsRefusal.is(e, "InvalidArgument")) {
        throw new BackendException(
            e.getMessage()
                + " S3 takes no two entries for the same events of overlapping prefixes, and"
                + " wants the queue to be there. Entries of others in the bucket: "
                + others(configuration).stream().map(Notification::words).toList(),
            e);
      }
      throw e;
    }
  }

  /** Removes our entry; returns whether there was one. */
  boolean remove(Buckets buckets, String bucket) {
    XmlNode configuration = buckets.notification(bucket);
    if (!traces(configuration)) {
      return false;
    }
    buckets.notification(bucket, document(others(configuration)));
    return true;
  }

  private static XmlNode document(List<XmlNode> entries) {
    return new XmlNode("NotificationConfiguration", "", entries);
  }

  private List<XmlNode> others(XmlNode configuration) {
    return new ArrayList<>(
        configuration.children().stream().filter(entry -> !ours(entry)).toList());
  }

  private boolean overlaps(XmlNode other) {
    String theirs = prefix(other);
    return other.all("Event").stream()
            .anyMatch(event -> event.text().startsWith("s3:ObjectCreated"))
        && rule(other, "suffix").isEmpty()
        && (theirs.startsWith(prefix) || prefix.startsWith(theirs));
  }

  private static String words(XmlNode entry) {
    String target = entry.value("Queue") + entry.value("Topic") + entry.value("CloudFunction");
    return entry.value("Id") + " (new objects below '" + prefix(entry) + "' to " + target + ")";
  }

  private BackendException conflict(String bucket, XmlNode other) {
    return new BackendException(
        "Bucket "
            + bucket
            + " cannot tell the pipeline of new objects below '"
            + prefix
            + "', since S3 takes no second entry for them beside "
            + words(other)
            + ". Give that entry a prefix that does not overlap, let it send to a topic that"
            + " several listen to, or set yunpipe.aws.prefix or another bucket.",
        null);
  }
}
