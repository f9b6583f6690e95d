package io.yunpipe.aws.s3;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * When a write may take place, and the mark it leaves. The mark tells a writer that lost the answer
 * to its write whether the object there is its own.
 *
 * @param ifNoneMatch {@code *} if the key must be free
 * @param ifMatch the tag that the object must have
 * @param id the mark, kept with the object; empty for none
 */
record Condition(@Nullable String ifNoneMatch, @Nullable String ifMatch, String id) {
  /** The name of the mark among an object's metadata. */
  static final String NAME = "yunpipe-write";

  /** The header that carries the mark. */
  static final String HEADER = "x-amz-meta-" + NAME;

  /** Writes in any case. */
  static final Condition NONE = new Condition(null, null, "");

  /** Returns a mark that no other write has. */
  static String newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** Writes if the key is free. */
  static Condition absent() {
    return new Condition("*", null, newId());
  }

  /** Writes if the object is still the one that has this tag. */
  static Condition match(String etag) {
    return new Condition(null, etag, newId());
  }

  /** Returns whether the write may be refused. */
  boolean any() {
    return ifNoneMatch != null || ifMatch != null;
  }

  /** Returns the headers that state the condition. */
  Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    if (ifNoneMatch != null) {
      headers.put("If-None-Match", ifNoneMatch);
    }
    if (ifMatch != null) {
      headers.put("If-Match", ifMatch);
    }
    return headers;
  }
}
