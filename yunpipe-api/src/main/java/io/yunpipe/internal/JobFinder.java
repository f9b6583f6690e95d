package io.yunpipe.internal;

import io.yunpipe.InvalidInputException;
import io.yunpipe.spi.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds a job by its id or its input's path, and its log. */
final class JobFinder {
  private final Site site;
  private final RunPlan plan;

  /** A job that is known, committed or not. */
  record Found(StagePlan stage, String shard, String id) {}

  JobFinder(Site site, RunPlan plan) {
    this.site = site;
    this.plan = plan;
  }

  /** Returns the job of the last stage that has begun with it. */
  Found find(String wanted) {
    List<StagePlan> backwards = new ArrayList<>(plan.stages());
    java.util.Collections.reverse(backwards);
    Optional<Found> input = fromInput(wanted, backwards);
    for (StagePlan stage : backwards) {
      Optional<Found> found = committed(stage, wanted);
      if (found.isPresent()) {
        return found.get();
      }
      if (input.isPresent() && input.get().stage().equals(stage)) {
        return input.get();
      }
    }
    throw new InvalidInputException(
        "Run "
            + plan.run()
            + " has no job '"
            + wanted
            + "'. Give an input's path as submitted, or a job id.");
  }

  private List<String> shards(StagePlan stage) {
    if (plan.gathered(stage)) {
      return List.of(Keys.GATHERED);
    }
    List<String> shards = new ArrayList<>();
    for (int i = 0; ; i++) {
      Optional<Facts.ManifestHead> head = site.facts().manifest(plan, Keys.shard(i));
      if (head.isEmpty() || head.get().end()) {
        return shards;
      }
      shards.add(Keys.shard(i));
    }
  }

  private Optional<Found> committed(StagePlan stage, String wanted) {
    for (String shard : shards(stage)) {
      if (site.protocol().marker(plan, stage.name(), shard, wanted).isPresent()) {
        return Optional.of(new Found(stage, shard, wanted));
      }
      List<Found> named = new ArrayList<>();
      Markers.each(
          site.store(),
          plan.keys().done(stage.name(), shard),
          marker -> {
            if (marker.name().equals(wanted)
                || (marker.name().isEmpty() && stage.name().equals(wanted))) {
              named.add(new Found(stage, shard, marker.job()));
            }
          });
      if (!named.isEmpty()) {
        return Optional.of(named.get(0));
      }
    }
    return Optional.empty();
  }

  /**
   * Finds a job that is not committed: its id follows from its input, or it is one of a root stage.
   */
  private Optional<Found> fromInput(String wanted, List<StagePlan> backwards) {
    for (StagePlan root : plan.roots()) {
      for (String shard : shards(root)) {
        List<String> lineages = new ArrayList<>();
        Manifest.items(
            site.store(),
            plan.keys().manifest(shard),
            item -> {
              if (item.name().equals(wanted)
                  || Children.ofInput(plan, root, item).stream()
                      .anyMatch(job -> job.id().equals(wanted))) {
                lineages.add(item.lineage());
              }
            });
        for (String lineage : lineages) {
          for (StagePlan stage : backwards) {
            Found found = new Found(stage, shard, Ids.hash(plan.run(), stage.name(), lineage));
            if (begun(found) || stage.equals(root)) {
              return Optional.of(found);
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean begun(Found job) {
    Optional<InputStream> running = site.backend().compute().log(plan.run(), job.id());
    running.ifPresent(JobFinder::close);
    return running.isPresent()
        || site.store().count(plan.keys().fails(job.stage().name(), job.id())) > 0
        || site.protocol().marker(plan, job.stage().name(), job.shard(), job.id()).isPresent();
  }

  private static void close(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean committed(Found job) {
    return site.protocol().marker(plan, job.stage().name(), job.shard(), job.id()).isPresent();
  }

  /**
   * Opens the log of the attempt that is running, or else of the last one; empty if there is none.
   */
  Optional<InputStream> log(Found job) {
    Optional<Marker> marker =
        site.protocol().marker(plan, job.stage().name(), job.shard(), job.id());
    if (marker.isPresent()) {
      String key = marker.get().log();
      return key == null ? Optional.empty() : site.store().get(key);
    }
    Optional<InputStream> running = site.backend().compute().log(plan.run(), job.id());
    return running.isPresent()
        ? running
        : lastFailure(job).map(FailRecord::log).flatMap(site.store()::get);
  }

  Optional<FailRecord> lastFailure(Found job) {
    FailRecord last = null;
    for (ObjectInfo object :
        site.store().list(plan.keys().fails(job.stage().name(), job.id()), "", 1000)) {
      Optional<FailRecord> record =
          site.store()
              .read(object.key())
              .map(json -> Json.read(json, FailRecord.class, object.key()));
      if (record.isPresent() && (last == null || record.get().at() >= last.at())) {
        last = record.get();
      }
    }
    return Optional.ofNullable(last);
  }
}
