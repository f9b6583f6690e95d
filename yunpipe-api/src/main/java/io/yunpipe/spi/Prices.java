package io.yunpipe.spi;

import io.yunpipe.Cost;
import io.yunpipe.Resources;
import java.util.List;

/** What runs cost on a backend. Thread-safe. */
public interface Prices {
  /**
   * Jobs of one stage.
   *
   * @param stage its name
   * @param perJob what one job needs
   * @param jobs how many
   * @param seconds of execution, of all jobs together
   */
  record Use(String stage, Resources perJob, long jobs, double seconds) {}

  /**
   * Returns the price of work.
   *
   * @param uses the stages
   * @param bytes data stored and moved within the region
   */
  Cost of(List<Use> uses, long bytes);
}
