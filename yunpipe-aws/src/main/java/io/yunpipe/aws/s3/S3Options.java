package io.yunpipe.aws.s3;

/**
 * How a store moves bytes.
 *
 * @param partBytes largest body of one request, at least S3's 5 MiB; larger objects are sent in
 *     parts of this size, or of more where 10,000 parts would not suffice; default 8 MiB
 * @param parallelism how many requests the store makes at once for its own purposes, and how many
 *     parts it holds in memory; default 8
 * @param checksums whether SHA-256 checksums are sent to be kept with each object, as S3 can;
 *     default true. Bodies are checked on arrival in any case.
 * @param markerBytes how much memory the commit markers of recent shards may take; default 32 MiB
 */
public record S3Options(long partBytes, int parallelism, boolean checksums, long markerBytes) {
  private static final long MIB = 1024 * 1024;

  /** What suits most. */
  public static final S3Options DEFAULT = new S3Options(8 * MIB, 8, true, 32 * MIB);

  /** Leaves the memory for commit markers as it is. */
  public S3Options(long partBytes, int parallelism, boolean checksums) {
    this(partBytes, parallelism, checksums, DEFAULT.markerBytes());
  }

  /** Checks the values. */
  public S3Options {
    if (partBytes < 5 * MIB || partBytes > 1024 * MIB) {
      throw new IllegalArgumentException(
          "partBytes must be from 5 MiB to 1 GiB, but was " + partBytes);
    }
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1, but was " + parallelism);
    }
    if (markerBytes < 0) {
      throw new IllegalArgumentException("markerBytes must not be negative, was " + markerBytes);
    }
  }
}
