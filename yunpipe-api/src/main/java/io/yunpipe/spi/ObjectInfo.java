package io.yunpipe.spi;

import java.time.Instant;

/**
 * A stored object, without its bytes.
 *
 * @param key its key
 * @param size bytes
 * @param etag changes with every replacement; opaque
 * @param modified when it was stored
 */
public record ObjectInfo(String key, long size, String etag, Instant modified) {}
