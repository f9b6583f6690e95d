package io.yunpipe.aws.s3;

/**
 * How large an upload's parts are, so that S3's 10,000 suffice. Of a known size: all the same. Of
 * an unknown one: from 1,000 parts on they grow by four fifths per 1,000, which suffices for 3.5
 * TiB from parts of 8 MiB.
 */
final class PartSizes {
  /** Most parts that S3 takes. */
  static final int MOST = 10_000;

  /** Longest body of a request: arrays have no more. */
  private static final long LONGEST = Integer.MAX_VALUE - 64;

  private static final double GROWTH = 1.8;

  private final long base;
  private final boolean known;

  /**
   * Creates it.
   *
   * @param partBytes the size that is enough for most
   * @param size bytes expected, or -1
   */
  PartSizes(long partBytes, long size) {
    this.known = size >= 0;
    // Half as much again, in case that the content has grown.
    this.base = Math.max(partBytes, known ? size / (MOST * 2 / 3) + 1 : 0);
  }

  /** Returns the size of a part. */
  int of(int number) {
    int thousands = (number - 1) / 1000;
    return (int) Math.min(LONGEST, known ? base : (long) (base * Math.pow(GROWTH, thousands)));
  }
}
