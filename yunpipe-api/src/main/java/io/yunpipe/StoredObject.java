package io.yunpipe;

import java.time.Instant;

/**
 * A stored output.
 *
 * @param name its name, as {@link Pipeline#downloadOutput} takes it
 * @param size bytes
 * @param modified when it was stored
 */
public record StoredObject(String name, long size, Instant modified) {}
