package io.yunpipe.spi;

import io.yunpipe.Resources;
import org.jspecify.annotations.Nullable;

/**
 * Work that waits for workers.
 *
 * @param stage the stage's name
 * @param queue name of the queue its messages are in
 * @param perJob what one of its jobs needs
 * @param instanceType machine type asked for, or null if it is chosen from the resources
 * @param jobs how many jobs wait, at least; a hint; 0 only announces the stage
 */
public record Demand(
    String stage, String queue, Resources perJob, @Nullable String instanceType, long jobs) {}
