package io.yunpipe.internal;

import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.util.ArrayList;
import java.util.List;

/** Removes what a pipeline left and lists to prove it. */
final class Cleaner {
  private static final List<String> SHARED = List.of("zips/", "files/");

  private final Site site;
  private final ObjectStore store;
  private final String pipeline;
  private final List<String> removed = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();

  Cleaner(Site site, String pipeline) {
    this.site = site;
    this.store = site.store();
    this.pipeline = pipeline;
  }

  CleanUp clean(CleanUp.Mode mode, SetUpListener listener) {
    if (site.backend().hasStore()) {
      data(mode);
    }
    CleanUp rest = site.backend().remove(mode == CleanUp.Mode.EMPTY && kept.isEmpty(), listener);
    removed.addAll(rest.removed());
    kept.addAll(rest.kept());
    return new CleanUp(removed, kept);
  }

  private void data(CleanUp.Mode mode) {
    // First of all: uploads that come now make no runs any more.
    store.delete(Keys.deployment(pipeline));
    List<String> runs = RunIndex.of(store, pipeline);
    if (mode == CleanUp.Mode.EMPTY) {
      runs.forEach(this::remove);
      remove("outputs of zipped jobs", Keys.zippedOutputs(pipeline));
      remove("records of zipped jobs", Keys.zippedIndex(pipeline, ""));
      remove("records of uploads", InboxBatch.chains(pipeline));
      remove("uploads", InboxBatch.root(pipeline));
      remove("records of workers", Keys.workers(pipeline));
      boolean shared = RunIndex.shared(store, pipeline);
      for (String prefix : SHARED) {
        if (!shared) {
          remove(prefix, prefix);
        } else if (store.count(prefix) > 0) {
          kept.add(prefix + ": stored once by content, and other pipelines may use it");
        }
      }
    } else {
      for (String run : runs) {
        kept.add("run " + run + ": data is kept (KEEP_DATA)");
      }
    }
  }

  private void remove(String run) {
    site.plans()
        .newest(run)
        .ifPresent(plan -> site.protocol().cancel(plan, "removed by clean-up", false));
    Keys keys = new Keys(run, 1);
    remove("run " + run + ": results", keys.result(""));
    remove("run " + run + ": logs", "logs/" + run + "/");
    remove("run " + run + ": state", keys.root());
    store.delete(Keys.open(run));
    store.delete(Keys.toAnnounce(run));
    store.delete(Keys.index(pipeline, run));
  }

  private void remove(String what, String prefix) {
    long before = store.count(prefix);
    List<String> keys = page(prefix);
    while (!keys.isEmpty()) {
      store.deleteAll(keys);
      keys = page(prefix);
    }
    if (before > 0) {
      removed.add(what + ": " + before + " objects below " + prefix);
    }
  }

  private List<String> page(String prefix) {
    return store.list(prefix, "", 1000).stream().map(ObjectInfo::key).toList();
  }
}
