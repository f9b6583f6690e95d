package io.yunpipe.aws.sqs;

/**
 * How queues are used.
 *
 * @param fair whether messages of one run are marked as one tenant's, so that a large run does not
 *     keep a small one waiting; not every server of the protocol can
 * @param parallelism how many batches are sent at once, from 1
 */
public record SqsOptions(boolean fair, int parallelism) {
  /** Not fair, eight at once. */
  public static final SqsOptions DEFAULT = new SqsOptions(false, 8);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if nothing may be sent
   */
  public SqsOptions {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1, but was " + parallelism);
    }
  }
}
