package io.yunpipe.lambda;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event's words about an object that was stored.
 *
 * @param bucket the bucket
 * @param key the key as the event has it
 * @param encoded whether such events should have their keys URL-encoded
 * @param size bytes
 * @param etag the version's tag, or empty
 * @param sequencer order of events of one key, or null
 * @param time when it was stored
 */
record ObjectNotice(
    String bucket,
    String key,
    boolean encoded,
    long size,
    String etag,
    @Nullable String sequencer,
    Instant time) {}
