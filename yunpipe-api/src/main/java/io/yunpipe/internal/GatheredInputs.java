package io.yunpipe.internal;

import io.yunpipe.spi.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * All files that a gather takes, in the order of stages and shards; only one shard is in memory.
 */
final class GatheredInputs implements Iterable<InputRef> {
  private final ObjectStore store;
  private final RunPlan plan;
  private final StagePlan gather;

  GatheredInputs(ObjectStore store, RunPlan plan, StagePlan gather) {
    this.store = store;
    this.plan = plan;
    this.gather = gather;
  }

  @Override
  public Iterator<InputRef> iterator() {
    return new ByShard();
  }

  /** Where one shard's files come from; a null stage means the run's inputs. */
  private record Source(String stage, String shard) {}

  private List<Source> sources() {
    List<String> shards = new ArrayList<>();
    int count =
        store
            .read(plan.keys().seal())
            .map(json -> Json.read(json, Facts.Seal.class, "the run's seal").counts().size())
            .orElse(0);
    for (int i = 0; i < count; i++) {
      shards.add(Keys.shard(i));
    }
    List<Source> sources = new ArrayList<>();
    if (gather.after().isEmpty()) {
      shards.forEach(shard -> sources.add(new Source("", shard)));
    }
    for (String before : gather.after()) {
      List<String> its = plan.gathered(plan.stage(before)) ? List.of(Keys.GATHERED) : shards;
      its.forEach(shard -> sources.add(new Source(before, shard)));
    }
    return sources;
  }

  private List<InputRef> files(Source source) {
    List<InputRef> files = new ArrayList<>();
    if (source.stage().isEmpty()) {
      Manifest.items(
          store,
          plan.keys().manifest(source.shard()),
          item ->
              item.files()
                  .forEach(
                      file ->
                          files.add(
                              item.files().size() == 1
                                  ? file.named(item.name())
                                  : file.named(item.name() + "/" + file.name()))));
      return files;
    }
    String folder = gather.after().size() > 1 ? source.stage() + "/" : "";
    Markers.each(
        store,
        plan.keys().done(source.stage(), source.shard()),
        marker -> {
          String parent = folder + (marker.name().isEmpty() ? "" : marker.name() + "/");
          for (InputRef file : Children.select(gather, marker)) {
            files.add(file.named(parent + file.name()));
          }
        });
    return files;
  }

  private final class ByShard implements Iterator<InputRef> {
    private final Queue<Source> sources = new ArrayDeque<>(sources());
    private Iterator<InputRef> files = List.<InputRef>of().iterator();

    @Override
    public boolean hasNext() {
      while (!files.hasNext()) {
        Source next = sources.poll();
        if (next == null) {
          return false;
        }
        files = files(next).iterator();
      }
      return true;
    }

    @Override
    public InputRef next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return files.next();
    }
  }
}
