package io.yunpipe.lambda;

import io.yunpipe.internal.Router;
import io.yunpipe.internal.Upload;
import io.yunpipe.spi.ObjectStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds which upload an event means. S3 encodes keys as forms do ({@code +} is a blank); some
 * servers of its protocol do not, or encode more: so where it matters the store is asked.
 */
final class UploadFinder {
  private static final Logger logger = LoggerFactory.getLogger(UploadFinder.class);

  private final ObjectStore store;
  private final String bucket;
  private final String prefix;

  /**
   * Creates it.
   *
   * @param bucket the only bucket whose events count; empty for any
   * @param prefix what keys start with in the bucket, but not in the store
   */
  UploadFinder(ObjectStore store, String bucket, String prefix) {
    this.store = store;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /** Returns the upload, or empty if it lies in no inbox of the store. */
  Optional<Upload> find(ObjectNotice notice) {
    if (!bucket.isEmpty() && !notice.bucket().equals(bucket)) {
      logger.info("Left out an event of bucket {}: this router serves {}", notice.bucket(), bucket);
      return Optional.empty();
    }
    String decoded = notice.encoded() ? decoded(notice.key()) : notice.key();
    Optional<String> key = inStore(decoded);
    if (!decoded.equals(notice.key())) {
      Optional<String> raw = inStore(notice.key()).filter(Router::inInbox);
      if (raw.isPresent() && key.filter(this::exists).isEmpty() && exists(raw.get())) {
        key = raw;
      }
    }
    return key.filter(Router::inInbox)
        .map(
            found ->
                new Upload(found, notice.size(), notice.etag(), notice.sequencer(), notice.time()));
  }

  private Optional<String> inStore(String key) {
    return key.startsWith(prefix) ? Optional.of(key.substring(prefix.length())) : Optional.empty();
  }

  private static String decoded(String key) {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return key;
    }
  }

  private boolean exists(String key) {
    try {
      return store.head(key).isPresent();
    } catch (IllegalArgumentException e) {
      // A key that the store cannot have, such as one with an empty part.
      return false;
    }
  }
}
