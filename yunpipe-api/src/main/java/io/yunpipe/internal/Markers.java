package io.yunpipe.internal;

import io.yunpipe.spi.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reading and making commit markers. */
public final class Markers {
  private Markers() {}

  /** Reads all markers below a prefix, one by one. */
  static void each(ObjectStore store, String prefix, Consumer<Marker> sink) {
    store.readAll(prefix, (key, json) -> sink.accept(Json.read(json, Marker.class, key)));
  }

  /** Returns the marker of a job that failed for good. */
  public static Marker failed(
      JobSpec job, String attempt, int attempts, int exit, String reason, long now) {
    return new Marker(
        JobMessage.VERSION,
        job.id(),
        job.name(),
        job.lineage(),
        false,
        attempt,
        attempts,
        exit,
        reason,
        "",
        List.of(),
        Map.of(),
        job.variables(),
        "",
        null,
        now,
        0);
  }
}
