package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.internal.Inboxes;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.Router;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.Submissions;
import io.yunpipe.internal.Upload;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryJobQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Files dropped into the inbox of a pipeline under one random schedule. Events come twice, late,
 * out of order or never; files are overwritten; several routers take them, and crash.
 */
final class InboxSimulation {
  private static final List<String> BATCHES = List.of("cells/", "cells/", "2001-01-01/", "");
  private static final Duration QUIET = Duration.ofSeconds(60);

  private final Schedule schedule;
  private final ManualClock clock = new ManualClock();
  private final SteppedBackend backend;
  private final ObjectStore objects;
  private final JobQueue events = new MemoryJobQueue(clock, Integer.MAX_VALUE);
  private final UnaryOperator<ObjectStore> routersStore;
  private final LeaseKeeper leases = new LeaseKeeper(Duration.ofSeconds(60));
  private final Map<String, Upload> newest = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private boolean uploaded;
  private boolean over;

  /** An event on its way. */
  private record Event(String key, long size, String etag, long time) {
    static Event of(Upload upload) {
      return new Event(upload.key(), upload.size(), upload.etag(), upload.time().toEpochMilli());
    }

    Upload upload() {
      return new Upload(key, size, etag, null, Instant.ofEpochMilli(time));
    }
  }

  /**
   * Creates it.
   *
   * @param routersStore makes of the store what routers see
   */
  InboxSimulation(long seed, UnaryOperator<ObjectStore> routersStore) {
    this.schedule = new Schedule(seed, (int) (seed % 9));
    this.backend = new SteppedBackend(schedule, clock);
    this.objects = backend.objects();
    this.routersStore = routersStore;
    Inboxes.deploy(objects, Simulation.plan(), QUIET);
  }

  void run() {
    schedule.add(this::uploader);
    for (int i = 0; i < 3; i++) {
      schedule.add(this::router);
    }
    // Routers and workers never rest, so the others must get on beside them.
    schedule.addSteady(this::worker);
    schedule.addSteady(this::worker);
    try {
      schedule.run();
    } finally {
      leases.close();
    }
    verify();
  }

  private Schedule.Program uploader() {
    int count = 2 + schedule.random().nextInt(12);
    int[] left = {count};
    return () -> {
      upload(left[0] <= BATCHES.size());
      if (schedule.random().nextInt(4) == 0) {
        clock.advance(Duration.ofSeconds(schedule.random().nextInt(100)));
      }
      if (--left[0] > 0) {
        return true;
      }
      // An event of each batch arrives at last, or nobody would look.
      for (String batch : Set.copyOf(BATCHES)) {
        store(batch + "last", true);
      }
      uploaded = true;
      return false;
    };
  }

  private void upload(boolean certain) {
    String batch = BATCHES.get(schedule.random().nextInt(BATCHES.size()));
    String name = "good-" + schedule.random().nextInt(6);
    store(batch + name, certain || schedule.random().nextInt(6) > 0);
  }

  private void store(String name, boolean tell) {
    String key = "inbox/" + Simulation.plan().pipeline() + "/" + name;
    objects.put(key, Content.of(name + schedule.random().nextInt()));
    ObjectInfo stored = objects.head(key).orElseThrow();
    Upload upload = Inboxes.event(stored);
    newest.put(key, upload);
    schedule.step();
    if (tell) {
      told.add(Inboxes.identity(upload));
      String body = Json.text(Event.of(upload));
      for (int i = 0; i < 1 + schedule.random().nextInt(3) / 2; i++) {
        events.send(List.of(body), Duration.ofSeconds(schedule.random().nextInt(150)));
      }
    }
  }

  private Schedule.Program router() {
    ObjectStore store = routersStore.apply(backend.store());
    Router router = new Router(store, any -> new OtherStore(backend, store), clock);
    return () -> {
      List<Message> messages =
          events.receive(1 + schedule.random().nextInt(4), Duration.ZERO, Duration.ofSeconds(30));
      List<Upload> uploads = new ArrayList<>();
      messages.forEach(
          message -> uploads.add(Json.read(message.body(), Event.class, "event").upload()));
      assertThat(router.uploads(uploads)).isEmpty();
      events.acknowledge(messages);
      if (schedule.random().nextInt(10) == 0) {
        router.tick();
      }
      return !over();
    };
  }

  private Schedule.Program worker() {
    ObjectStore store = backend.store();
    Protocol protocol = new Protocol(store, backend::queue, clock);
    Attempts attempts =
        new Attempts(
            store,
            backend::queue,
            protocol,
            new Simulation.Pretender(store),
            Path.of("none"),
            clock);
    Worker worker = new Worker(store, backend::queue, protocol, attempts, leases, clock);
    return () -> {
      String stage = Simulation.STAGES.get(schedule.random().nextInt(Simulation.STAGES.size()));
      worker.work(stage, 1 + schedule.random().nextInt(3), Duration.ZERO);
      return !over();
    };
  }

  /** Once over it stays so: a slow router may still send a job again when no worker is left. */
  private boolean over() {
    over |=
        uploaded
            && events.depth().empty()
            && backend.quiet()
            && objects.list("open/", "", 1).isEmpty();
    return over;
  }

  private void verify() {
    Map<String, Integer> taken = new HashMap<>();
    for (RunPlan run : Inboxes.runs(objects, Simulation.plan().pipeline())) {
      assertThat(Inboxes.finished(objects, run))
          .as("run %s: %s", run.run(), failures(run))
          .isEqualTo("SUCCEEDED");
      Map<String, String> inputs = Inboxes.inputs(objects, run);
      inputs.values().forEach(identity -> taken.merge(identity, 1, Integer::sum));
      assertThat(Submissions.markers(run, backend, "first")).hasSize(inputs.size());
    }
    assertThat(taken.values()).as("no upload is in two runs").allMatch(count -> count == 1);
    newest.forEach(
        (key, upload) ->
            assertThat(taken).as("upload %s", key).containsKey(Inboxes.identity(upload)));
    told.forEach(
        identity ->
            assertThat(taken.containsKey(identity) || replaced(identity))
                .as("an upload that an event told of is in a run")
                .isTrue());
  }

  private List<String> failures(RunPlan run) {
    return Simulation.STAGES.stream()
        .flatMap(stage -> Submissions.markers(run, backend, stage).stream())
        .filter(marker -> !marker.ok())
        .map(marker -> marker.name() + ": " + marker.reason())
        .toList();
  }

  /** A file directly in the inbox that was replaced before its event came is not taken. */
  private boolean replaced(String identity) {
    return newest.values().stream().noneMatch(it -> Inboxes.identity(it).equals(identity));
  }
}
