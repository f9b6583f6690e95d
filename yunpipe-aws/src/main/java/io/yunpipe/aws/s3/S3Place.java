package io.yunpipe.aws.s3;

import java.net.URI;

/**
 * Where a store's objects lie.
 *
 * @param endpoint scheme, host and port of the service, without the bucket
 * @param pathStyle whether the bucket is the first part of the path instead of the host's name;
 *     buckets with dots in their names are always called so, since certificates do not cover them
 * @param bucket the bucket's name
 * @param prefix what all keys start with, such as {@code team-a/}; may be empty; a slash is added
 *     at its end
 */
public record S3Place(URI endpoint, boolean pathStyle, String bucket, String prefix) {
  /** Checks the parts. */
  public S3Place {
    if (endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "endpoint must be like \"https://s3.eu-west-1.amazonaws.com\", but was \""
              + endpoint
              + "\"");
    }
    if (bucket.isBlank() || bucket.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "bucket must be a bucket's name, but was \"" + bucket + "\"");
    }
    prefix = S3Keys.folder(prefix);
  }
}
