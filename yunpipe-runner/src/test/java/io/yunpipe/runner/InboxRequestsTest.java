package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Stage.Kind;
import io.yunpipe.internal.Inboxes;
import io.yunpipe.internal.Router;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.Upload;
import io.yunpipe.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What uploads cost the router where each call to the store or to a queue is a request. */
class InboxRequestsTest {
  private static final int UPLOADS = 1_000;

  private final ManualClock clock = new ManualClock();
  private final CountingBackend backend = new CountingBackend(clock);

  InboxRequestsTest() {
    Inboxes.deploy(
        backend.store(),
        new RunPlan(
            1,
            "",
            1,
            "cells",
            0,
            List.of(Simulation.stage("one", Kind.EACH, List.of())),
            null,
            0,
            null),
        Duration.ofMinutes(1));
  }

  private Router router() {
    return new Router(backend.store(), any -> backend, clock);
  }

  private List<Upload> uploads() {
    List<Upload> uploads = new ArrayList<>();
    for (int i = 0; i < UPLOADS; i++) {
      uploads.add(new Upload("inbox/cells/m/" + i, 1, "e", null, clock.instant()));
    }
    return uploads;
  }

  private int requests() {
    int requests = backend.counts().values().stream().mapToInt(Integer::intValue).sum();
    backend.counts().clear();
    return requests;
  }

  @Test
  void uploadsTakenTogether_costTheirMessagesAndLittleElse() {
    backend.counts().clear();
    router().uploads(uploads());
    assertThat(backend.counts().get("put")).as("counts: %s", backend.counts()).isLessThan(10);
    assertThat(requests()).as("besides messages").isLessThan(UPLOADS / 10 + 20);
  }

  @Test
  void uploadsTakenTenAtATime_costTheWarmRouterThreeRequestsEach() {
    List<Upload> uploads = uploads();
    Router router = router();
    router.uploads(uploads.subList(0, 10));
    requests();
    for (int at = 10; at < UPLOADS; at += 10) {
      router.uploads(uploads.subList(at, at + 10));
    }
    assertThat(requests()).isLessThanOrEqualTo(99 * 3);
  }

  @Test
  void coldRouter_readsAllThatWasTakenWithFewRequests() {
    Router router = router();
    router.uploads(uploads());
    clock.advance(Duration.ofMinutes(2));
    router.tick();
    requests();
    router().uploads(List.of(uploads().get(0)));
    assertThat(requests()).as("requests of one event that comes again").isLessThan(15);
  }
}
