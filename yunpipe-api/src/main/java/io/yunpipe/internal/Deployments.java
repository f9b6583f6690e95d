package io.yunpipe.internal;

import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The deployed pipelines, each looked up again after a while, as they change. */
final class Deployments {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final int MAX = 1000;

  private final ObjectStore store;
  private final Clock clock;
  private final Map<String, Known> known = new HashMap<>();

  private record Known(Optional<Deployment> deployment, Instant read) {}

  Deployments(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Returns a deployed pipeline, or empty if there is none of that name. */
  synchronized Optional<Deployment> get(String pipeline) {
    Known entry = known.get(pipeline);
    Instant now = clock.instant();
    if (entry == null || entry.read().plus(FRESH).isBefore(now)) {
      if (known.size() >= MAX) {
        // Names come from keys, which anyone may invent.
        known.clear();
      }
      entry = new Known(Deployment.read(store, pipeline), now);
      known.put(pipeline, entry);
    }
    return entry.deployment();
  }
}
