package io.yunpipe.runner;

import io.yunpipe.internal.Marker;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.StagePlan;
import io.yunpipe.spi.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Jobs that are done but not settled: their markers are committed together, with one write. */
final class Batch {
  /** The jobs of one shard. */
  record Place(RunPlan plan, StagePlan stage, String shard) {
    /** As equal as their keys: to compare plans would go through all of their algorithms. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place place && key("").equals(place.key(""));
    }

    @Override
    public int hashCode() {
      return key("").hashCode();
    }

    /** Returns where a job's marker lies. */
    String key(String job) {
      return plan.keys().done(stage.name(), shard, job);
    }
  }

  /** A job's marker; {@code fresh} if it is ours to commit, otherwise it is there already. */
  record Entry(Place place, Marker marker, boolean fresh) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Message> messages = new ArrayList<>();
  private final long deadline;

  Batch(long deadline) {
    this.deadline = deadline;
  }

  void add(Place place, Marker marker, boolean fresh) {
    entries.put(place.key(marker.job()), new Entry(place, marker, fresh));
  }

  /** Adds a message all of whose jobs were added. */
  void finished(Message message) {
    messages.add(message);
  }

  boolean has(Place place, String job) {
    return entries.containsKey(place.key(job));
  }

  boolean due(long now) {
    return now >= deadline;
  }

  List<Message> messages() {
    return messages;
  }

  Map<String, Entry> fresh() {
    Map<String, Entry> fresh = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          if (entry.fresh()) {
            fresh.put(key, entry);
          }
        });
    return fresh;
  }

  /** Puts the marker that won in the place of ours. */
  void replace(String key, Marker winner) {
    @Nullable Entry entry = entries.get(key);
    if (entry != null) {
      entries.put(key, new Entry(entry.place(), winner, false));
    }
  }

  /** Calls for each job with the key and content of its marker. */
  void each(BiConsumer<String, Marker> sink) {
    entries.forEach((key, entry) -> sink.accept(key, entry.marker()));
  }

  Map<Place, List<Marker>> byPlace() {
    Map<Place, List<Marker>> places = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      places.computeIfAbsent(entry.place(), any -> new ArrayList<>()).add(entry.marker());
    }
    return places;
  }
}
