package io.yunpipe.aws.compute;

import io.yunpipe.Resources;
import org.jspecify.annotations.Nullable;

/**
 * Workers to start.
 *
 * @param stage whose queue they drain
 * @param perJob what one job needs
 * @param instanceType machine type asked for, or null
 * @param count how many, from 1
 * @param token names this order, so that a repeated call starts nothing twice where the engine can
 *     tell; at most 40 of a-z, 0-9 and -
 */
record Order(
    String stage, Resources perJob, @Nullable String instanceType, int count, String token) {}
