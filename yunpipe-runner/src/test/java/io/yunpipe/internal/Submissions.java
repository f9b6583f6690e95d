package io.yunpipe.internal;

import io.yunpipe.internal.Submission.Offer;
import io.yunpipe.internal.Submission.Part;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Lets tests of the worker submit and look at facts without the API around them. */
public final class Submissions {
  private Submissions() {}

  /** Submits named texts, or goes on with a submission that was broken off. */
  public static void submit(
      RunPlan plan, Backend backend, Protocol protocol, Clock clock, List<String> names) {
    List<Offer> offers = new ArrayList<>();
    for (String name : names) {
      offers.add(new Offer(name, List.of(new Part(name, Content.of(name), null))));
    }
    backend.store().putIfAbsent(plan.keys().plan(), Content.of(Json.bytes(plan)));
    ObjectStore store = backend.store();
    Site site =
        new Site(backend, store, protocol, new Plans(store), new FactCache(store), Set.of(), clock);
    new Submission(plan, site).run(offers.iterator());
  }

  /** Returns the run's final state, or {@code null} while it has none. */
  public static String finished(RunPlan plan, Backend backend) {
    return backend
        .store()
        .read(plan.keys().finished())
        .map(json -> Json.read(json, Facts.Finished.class, "DONE").state())
        .orElse(null);
  }

  /** Returns all markers of a stage. */
  public static List<Marker> markers(RunPlan plan, Backend backend, String stage) {
    List<Marker> markers = new ArrayList<>();
    String prefix = plan.keys().root() + "done/" + stage + "/";
    Markers.each(backend.store(), prefix, markers::add);
    return markers;
  }
}
