package io.yunpipe.aws;

import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.internal.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * Names of queues: {@code <prefix><pipeline>_<stage>}. No name of a pipeline or stage has an
 * underscore, so no two pairs share a queue. Long names are shortened with a hash.
 */
final class QueueNames {
  private static final int MAX_PART = 30;
  private static final int HASH = 12;

  /** Most characters of the prefix. */
  static final int MAX_PREFIX = SqsQueues.MAX_NAME - SqsQueues.DEAD.length() - 1 - 2 * MAX_PART;

  private QueueNames() {}

  /** Returns what the names of all queues of a pipeline start with, and of no other's. */
  static String ofPipeline(String prefix, String pipeline) {
    return prefix + shorten(pipeline) + "_";
  }

  static String ofStage(String prefix, String pipeline, String stage) {
    return ofPipeline(prefix, pipeline) + shorten(stage);
  }

  private static String shorten(String name) {
    return name.length() <= MAX_PART
        ? name
        : name.substring(0, MAX_PART - HASH - 1)
            + "-"
            + Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
  }
}
