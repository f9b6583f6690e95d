package io.yunpipe.internal;

import io.yunpipe.RunStatus;
import io.yunpipe.spi.ObjectStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Which runs there are: an empty object for each, below its pipeline. */
final class RunIndex {
  private static final String PREFIX = "index/";

  private RunIndex() {}

  /** Returns the ids of a pipeline's runs, newest first. */
  static List<String> of(ObjectStore store, String pipeline) {
    String prefix = Keys.index(pipeline, "");
    List<String> ids = new ArrayList<>();
    Protocol.pages(store, prefix, object -> ids.add(object.key().substring(prefix.length())));
    ids.sort(Comparator.reverseOrder());
    return Collections.unmodifiableList(ids);
  }

  static List<String> newest(ObjectStore store, String pipeline, int limit) {
    return of(store, pipeline).stream().limit(limit).toList();
  }

  /** Returns the status of a pipeline's runs, newest first. */
  static List<RunStatus> statuses(Site site, String pipeline) {
    return statuses(site, of(site.store(), pipeline));
  }

  /** Returns the status of all runs of the store, newest first. */
  static List<RunStatus> statuses(Site site) {
    List<String> ids = new ArrayList<>();
    Protocol.pages(
        site.store(),
        PREFIX,
        object -> ids.add(object.key().substring(object.key().lastIndexOf('/') + 1)));
    ids.sort(Comparator.reverseOrder());
    return statuses(site, ids);
  }

  private static List<RunStatus> statuses(Site site, List<String> ids) {
    List<RunStatus> statuses = new ArrayList<>();
    for (String id : ids) {
      site.plans().newest(id).ifPresent(plan -> statuses.add(new StatusReader(site, plan).read()));
    }
    // An identifier's time is in whole seconds.
    statuses.sort(Comparator.comparing(RunStatus::submitted).reversed());
    return Collections.unmodifiableList(statuses);
  }

  /** Returns whether any other pipeline has a run. */
  static boolean shared(ObjectStore store, String pipeline) {
    boolean[] other = new boolean[1];
    Protocol.pages(
        store, PREFIX, object -> other[0] |= !object.key().startsWith(Keys.index(pipeline, "")));
    return other[0];
  }
}
