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

  private final ObjectStore store;
  private final Clock clock;
  private final Map<String, Known> known = new HashMap<>();

  private record Known(Deployment deployment, Instant read) {}

  Deployments(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Returns a deployed pipeline, or empty if there is none of that name at this moment. */
  synchronized Optional<Deployment> get(String pipeline) {
    Known entry = known.get(pipeline);
    Instant now = clock.instant();
    if (entry != null && !entry.read().plus(FRESH).isBefore(now)) {
      return Optional.of(entry.deployment());
    }
    // Absence is never remembered: a file may come right after its pipeline.
    Optional<Deployment> found = Deployment.read(store, pipeline);
    found.ifPresentOrElse(
        deployment -> known.put(pipeline, new Known(deployment, now)),
        () -> known.remove(pipeline));
    return found;
  }
}
