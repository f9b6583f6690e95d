package io.yunpipe.runner;

import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Keys;
import io.yunpipe.internal.Marker;
import io.yunpipe.runner.Batch.Place;
import io.yunpipe.spi.ObjectStore;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The markers that were there when a worker looked, for all jobs of its messages at once. */
final class Look {
  private final Map<String, Marker> found = new HashMap<>();
  private final long time;

  private Look(long time) {
    this.time = time;
  }

  static Look at(ObjectStore store, List<Task> tasks, long now) {
    Look look = new Look(now);
    Set<String> keys = new LinkedHashSet<>();
    for (Task task : tasks) {
      for (JobSpec job : task.jobs()) {
        keys.add(task.place().key(job.id()));
        if (task.place().plan().generation() > 1) {
          keys.add(before(task.place(), job.id()));
        }
      }
    }
    Iterator<Optional<byte[]>> markers = store.readEach(List.copyOf(keys)).iterator();
    for (String key : keys) {
      markers.next().ifPresent(json -> look.found.put(key, Json.read(json, Marker.class, key)));
    }
    return look;
  }

  long time() {
    return time;
  }

  /** A job was committed since. */
  void add(String key, Marker marker) {
    found.put(key, marker);
  }

  Optional<Marker> marker(Place place, String job) {
    return Optional.ofNullable(found.get(place.key(job)));
  }

  /** Returns the job's marker of the generation before. */
  Optional<Marker> markerBefore(Place place, String job) {
    return Optional.ofNullable(found.get(before(place, job)));
  }

  private static String before(Place place, String job) {
    Keys keys = new Keys(place.plan().run(), place.plan().generation() - 1);
    return keys.done(place.stage().name(), place.shard(), job);
  }
}
