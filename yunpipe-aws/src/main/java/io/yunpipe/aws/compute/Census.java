package io.yunpipe.aws.compute;

import java.util.Optional;

/**
 * The workers of a stage at one moment.
 *
 * @param running workers that run
 * @param starting workers that were asked for and do not run yet
 * @param problem why those that start will not come to run, as far as the engine tells
 */
record Census(int running, int starting, Optional<String> problem) {
  static final Census NONE = new Census(0, 0, Optional.empty());

  /** Returns all workers. */
  int alive() {
    return running + starting;
  }
}
