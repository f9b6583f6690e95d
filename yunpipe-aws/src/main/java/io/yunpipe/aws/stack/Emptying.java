package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.stack.Buckets.Upload;
import io.yunpipe.aws.stack.Buckets.Version;
import java.util.List;

/** Removes a bucket with all it holds: versions, marks of deletion, uploads that were begun. */
final class Emptying {
  private final Buckets buckets;

  Emptying(Buckets buckets) {
    this.buckets = buckets;
  }

  /** Removes the bucket; returns how many versions were deleted. */
  long remove(String bucket, SetUpListener listener) {
    listener.step("Emptying and deleting bucket " + bucket);
    long count = 0;
    for (List<Version> page = buckets.versions(bucket);
        !page.isEmpty();
        page = buckets.versions(bucket)) {
      List<String> left = buckets.delete(bucket, page);
      if (!left.isEmpty()) {
        throw new BackendException(
            "Could not empty bucket "
                + bucket
                + ": "
                + left.size()
                + " objects could not be deleted, such as "
                + left.get(0)
                + ". Look at the bucket's policy, object locks and legal holds, then run yunpipe"
                + " clean-up --empty again.",
            null);
      }
      count += page.size();
    }
    for (List<Upload> page = buckets.uploads(bucket);
        !page.isEmpty();
        page = buckets.uploads(bucket)) {
      page.forEach(upload -> buckets.abort(bucket, upload));
    }
    buckets.delete(bucket);
    return count;
  }
}
