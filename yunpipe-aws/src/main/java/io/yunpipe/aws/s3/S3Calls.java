package io.yunpipe.aws.s3;

import io.yunpipe.aws.http.Call.Slice;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.UploadLink;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of S3 that a store needs, on one bucket; keys are whole. Each is tried again where that
 * may help. Throws {@link io.yunpipe.BackendException} for all but the refusals it returns.
 */
interface S3Calls {
  /** How a write ended. */
  enum Outcome {
    DONE,
    /** The condition does not hold. */
    REFUSED,
    /** Another write came between, or the upload is gone; begin anew. */
    AGAIN
  }

  /**
   * What came of a write.
   *
   * @param uncertain whether an earlier try of the same call may have been carried out
   */
  record Written(Outcome outcome, boolean uncertain) {}

  /**
   * An object's description.
   *
   * @param writeId what its writer left; empty if nothing
   */
  record Head(ObjectInfo info, String writeId) {}

  /**
   * An object's bytes as they arrive.
   *
   * @param body closed by the caller
   * @param length how many bytes follow, or -1
   */
  record Fetched(InputStream body, long length, String etag) {}

  /** Part of a listing. */
  record Page(List<ObjectInfo> objects, boolean more) {}

  /**
   * A part of an upload.
   *
   * @param sha256 its checksum in Base64, if it was sent; else empty
   */
  record Part(int number, long size, String etag, String sha256) {}

  /** An upload that has begun. */
  record Upload(String key, String id, Instant begun) {}

  /** Returns the bucket, for messages. */
  String bucket();

  /** Returns whether checksums of objects and parts are sent to be kept. */
  boolean checksums();

  Written put(String key, Slice body, byte[] sha256, Condition condition);

  /** Reads an object whole. */
  Optional<byte[]> read(String key);

  /**
   * Opens an object from an offset on.
   *
   * @param last offset of the last byte wanted, or -1 for the object's last
   * @param etag the tag it must have, or null
   * @return empty if there is no such object
   * @throws ChangedException if it has another tag
   */
  Optional<Fetched> get(String key, long first, long last, @Nullable String etag)
      throws ChangedException;

  Optional<Head> head(String key);

  /** Lists keys after one, in order, without those before. */
  Page list(String prefix, String after, int limit);

  void delete(String key);

  /** Deletes up to 1,000 objects. */
  void deleteAll(List<String> keys);

  /**
   * Begins an upload in parts.
   *
   * @param writeId kept with the object
   * @return the upload's id
   */
  String createUpload(String key, String writeId);

  Part uploadPart(String key, String upload, int number, Slice body);

  /** Returns an upload's parts so far; empty if there is no such upload. */
  List<Part> parts(String key, String upload);

  /** Returns the uploads to exactly this key that have begun and not ended. */
  List<Upload> uploads(String key);

  Written complete(String key, String upload, List<Part> parts, Condition condition);

  /** Drops an upload; one that is absent is no error. */
  void abort(String key, String upload);

  URI presignGet(String key, Duration validity);

  UploadLink presignPut(String key, long size, Duration validity);

  /** The object was replaced while it was read. */
  final class ChangedException extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    ChangedException(String message) {
      super(message);
    }
  }
}
