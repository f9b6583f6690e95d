package io.yunpipe.spi;

import io.yunpipe.Resources;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a backend must provide for a stage.
 *
 * @param name the stage's name
 * @param image the container image of its algorithm, or null for a command on the host
 * @param function name of its Java function, which runs in this program only, or null for none
 * @param resources what one job needs
 * @param timeout limit of one attempt's execution, or null for none
 * @param instanceType machine type asked for, or null if it is chosen from the resources
 */
public record StageNeeds(
    String name,
    @Nullable String image,
    @Nullable String function,
    Resources resources,
    @Nullable Duration timeout,
    @Nullable String instanceType) {
  /** Returns the name of its queue. */
  public String queue() {
    return QueueNames.of(name, function);
  }
}
