package io.yunpipe.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One file of a job's input: a stored object, or bytes that travel with the message.
 *
 * @param name its path inside the job's input folder
 * @param key the object, or null if the bytes are inline
 * @param size bytes
 * @param sha256 SHA-256, lower-case hex; empty if not known
 * @param inline the bytes in Base64 (by Jackson), or null
 * @param offset where the bytes start in an object that others share, or null if it is theirs alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record InputRef(
    String name,
    @Nullable String key,
    long size,
    String sha256,
    byte @Nullable [] inline,
    @Nullable Long offset) {
  /** A file with an object of its own, or inline. */
  public InputRef(
      String name, @Nullable String key, long size, String sha256, byte @Nullable [] inline) {
    this(name, key, size, sha256, inline, null);
  }

  /** Returns the same bytes under another name. */
  InputRef named(String other) {
    return new InputRef(other, key, size, sha256, inline, offset);
  }
}
