package io.yunpipe.internal;

import io.yunpipe.JobResult;
import io.yunpipe.ResultFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Finds committed jobs of kept stages, each once; remembers only those of shards that are
 * unfinished.
 */
final class Results {
  private final Site site;
  private final RunPlan plan;
  private final StatusReader status;
  private final List<Place> places = new ArrayList<>();
  private final Queue<JobResult> found = new ArrayDeque<>();
  private int shards;

  private static final class Place {
    private final StagePlan stage;
    private final String shard;
    private final Set<String> seen = new HashSet<>();

    Place(StagePlan stage, String shard) {
      this.stage = stage;
      this.shard = shard;
    }
  }

  Results(Site site, RunPlan plan, StatusReader status) {
    this.site = site;
    this.plan = plan;
    this.status = status;
    for (StagePlan stage : plan.stages()) {
      if (stage.keep() && plan.gathered(stage)) {
        places.add(new Place(stage, Keys.GATHERED));
      }
    }
  }

  /**
   * Returns the next result, waiting for it.
   *
   * @param pause waits a moment; returns false when the run is finished, so that one last look is
   *     due
   */
  Optional<JobResult> next(BooleanSupplier pause) {
    boolean last = false;
    while (found.isEmpty()) {
      look();
      if (!found.isEmpty() || last) {
        break;
      }
      last = !pause.getAsBoolean();
    }
    return Optional.ofNullable(found.poll());
  }

  /** Looks for what was committed since; stops at the first shard that has something. */
  private void look() {
    for (int known = status.shards(); shards < known; shards++) {
      for (StagePlan stage : plan.stages()) {
        if (stage.keep() && !plan.gathered(stage)) {
          places.add(new Place(stage, Keys.shard(shards)));
        }
      }
    }
    for (int i = 0; i < places.size() && found.isEmpty(); i++) {
      Place place = places.get(i);
      boolean finished =
          site.facts().exists(plan.keys().shardDone(place.stage.name(), place.shard));
      String prefix = plan.keys().done(place.stage.name(), place.shard);
      if (finished || site.store().count(prefix) > place.seen.size()) {
        read(place, prefix);
      }
      if (finished) {
        places.remove(i--);
      }
    }
  }

  private void read(Place place, String prefix) {
    Protocol.pages(
        site.store(),
        prefix,
        object -> {
          if (place.seen.add(object.key())) {
            site.store()
                .read(object.key())
                .map(json -> Json.read(json, Marker.class, object.key()))
                .ifPresent(marker -> found.add(result(site, place.stage, marker)));
          }
        });
  }

  static JobResult result(Site site, StagePlan stage, Marker marker) {
    List<ResultFile> files = new ArrayList<>();
    for (Output output : marker.out()) {
      files.add(new StoredFile(site.store(), output, marker.key(output)));
    }
    return new JobResult(
        stage.name(),
        marker.job(),
        marker.name(),
        marker.variables(),
        marker.ok(),
        marker.exit(),
        Optional.ofNullable(marker.reason()),
        marker.attempts(),
        Duration.ofMillis(marker.took()),
        files);
  }
}
