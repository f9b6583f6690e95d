package io.yunpipe.internal;

import io.yunpipe.spi.ObjectInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object that somebody stored, as an event or a listing tells of it.
 *
 * @param key its key, decoded
 * @param size bytes
 * @param etag tag of this version, without quotes; empty if the event did not tell
 * @param sequencer order of events of one key, as the store tells it, or null
 * @param time when it was stored
 */
public record Upload(String key, long size, String etag, @Nullable String sequencer, Instant time) {
  /** Takes the quotes off the tag, which listings have and events do not. */
  public Upload {
    etag = etag.replace("\"", "");
  }

  static Upload of(ObjectInfo object) {
    return new Upload(object.key(), object.size(), object.etag(), null, object.modified());
  }

  /** Returns whether it may be the same version of an object as another, as far as it tells. */
  boolean sameVersion(Upload other) {
    return etag.isEmpty() || etag.equals(other.etag());
  }

  /** Returns what names this version of this object, whoever tells of it. */
  String identity() {
    return Ids.hash("upload", key, etag);
  }
}
