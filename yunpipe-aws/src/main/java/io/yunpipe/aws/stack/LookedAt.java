package io.yunpipe.aws.stack;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen of an image.
 *
 * @param digest of its manifest or index; empty: not known
 * @param architectures for which processors, in the words of container images; empty: not known
 * @param labels labels of its configuration; empty: not known
 */
record LookedAt(String digest, List<String> architectures, Optional<Map<String, String>> labels) {
  /** The label that wrapping gives, and that who adds the worker by hand gives too. */
  static final String RUNNER = "io.yunpipe.runner";

  /** Returns whether it is known that containers of it are no workers. */
  boolean lacksWorker() {
    return labels.isPresent() && !labels.get().containsKey(RUNNER);
  }
}
