package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.yunpipe.BackendException;
import io.yunpipe.Cost;
import io.yunpipe.RunOptions;
import io.yunpipe.runner.Simulations;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.RunNotice;
import io.yunpipe.spi.RunNotice.What;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryBackend;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Budgets, deadlines and notices, kept by the router's tick alone. */
class RunTermsTest {
  private final ManualClock clock = new ManualClock();
  private final MemoryBackend backend = new MemoryBackend(clock);
  private final ObjectStore store = backend.store();
  private final Router router = new Router(store, any -> backend, clock);

  @BeforeEach
  void chargeADollarAnHour() {
    backend.charge(
        (uses, bytes) -> {
          double usd = uses.stream().mapToDouble(use -> use.seconds() / 3600).sum();
          return new Cost(usd, "prices of today", List.of(), List.of());
        });
  }

  @Test
  void deadlinePassed_cancelsTheRunAndTellsWhy() {
    RunPlan plan = submit(RunOptions.DEFAULT.deadline(Duration.ofHours(1)), 3);
    clock.advance(Duration.ofMinutes(59));
    router.tick();
    assertThat(Inboxes.finished(store, plan)).isNull();

    clock.advance(Duration.ofMinutes(1));
    router.tick();
    assertThat(Inboxes.finished(store, plan)).isEqualTo("CANCELLED");
    assertThat(backend.notices())
        .extracting(RunNotice::run, RunNotice::what)
        .containsExactly(tuple(plan.run(), What.DEADLINE), tuple(plan.run(), What.FAILED));
    assertThat(backend.notices().get(0).text()).contains("its deadline passed");
  }

  @Test
  void budgetReachedByCommittedJobs_cancelsTheRun() {
    RunPlan plan = submit(RunOptions.DEFAULT.budget(2), 3);
    commit(plan, 1, Duration.ofMinutes(119));
    router.tick();
    assertThat(Inboxes.finished(store, plan)).isNull();

    commit(plan, 1, Duration.ofMinutes(1));
    router.tick();
    assertThat(Inboxes.finished(store, plan)).isEqualTo("CANCELLED");
    assertThat(backend.notices().get(0).what()).isEqualTo(What.BUDGET);
    assertThat(backend.notices().get(0).text())
        .contains("budget of 2.00 USD is reached (2.00 USD, prices of today)");
  }

  @Test
  void runThatIsTriedAgain_hasNoDeadlineAnyMore() {
    RunPlan plan = submit(RunOptions.DEFAULT.deadline(Duration.ofHours(1)).budget(2), 1);
    clock.advance(Duration.ofHours(1));
    router.tick();
    assertThat(Inboxes.finished(store, plan)).isEqualTo("CANCELLED");

    new DefaultRun(site(), plan, () -> {}).retryFailed();
    router.tick();
    RunPlan again = new Plans(store).newest(plan.run()).orElseThrow();
    assertThat(again.generation()).isEqualTo(2);
    assertThat(Inboxes.finished(store, again)).isNull();
    assertThat(again.terms().budgetUsd()).isEqualTo(2);
  }

  @Test
  void finishedRun_isAnnouncedOnceWithItsCost() {
    RunPlan plan = submit(RunOptions.DEFAULT, 2);
    commit(plan, 2, Duration.ofMinutes(30));
    assertThat(Inboxes.finished(store, plan)).isEqualTo("SUCCEEDED");
    router.tick();
    router.tick();
    assertThat(backend.notices()).extracting(RunNotice::what).containsExactly(What.FINISHED);
    assertThat(backend.notices().get(0).text()).contains("Metered: 1.00 USD by prices of today");
    assertThat(store.list("ended/", "", 10)).isEmpty();
  }

  @Test
  void noticeThatCannotBeSent_isSentByALaterTick() {
    RunPlan plan = submit(RunOptions.DEFAULT, 1);
    commit(plan, 1, Duration.ofMinutes(1));
    new Router(store, any -> mute(), clock).tick();
    assertThat(backend.notices()).isEmpty();
    router.tick();
    assertThat(backend.notices()).extracting(RunNotice::what).containsExactly(What.FINISHED);
  }

  @Test
  void jobsThatWaitForWorkersThatDoNotStart_areAnnouncedOnce() {
    RunPlan plan = submit(RunOptions.DEFAULT, 1);
    router.tick();
    assertThat(backend.notices()).isEmpty();
    backend.hold("The compute environment is invalid.");
    router.tick();
    router.tick();
    assertThat(backend.notices())
        .extracting(RunNotice::what, RunNotice::text)
        .containsExactly(
            tuple(
                What.STUCK,
                "Run "
                    + plan.run()
                    + " of p does not go on: The compute environment is invalid. Nothing is lost;"
                    + " it goes on once that is put right."));
  }

  @Test
  void routerOfOnePipeline_leavesTheRunsOfAnotherAlone() {
    RunOptions hour = RunOptions.DEFAULT.deadline(Duration.ofHours(1));
    RunPlan own = submit("own", "p", hour, 1);
    RunPlan other = submit("other", "q", hour, 1);
    List<String> opened = new java.util.ArrayList<>();
    Router ofP =
        new Router(
            store,
            pipeline -> {
              opened.add(pipeline);
              return backend;
            },
            clock,
            TickListener.NONE,
            "p");
    clock.advance(Duration.ofHours(1));
    ofP.tick();
    ofP.tick();
    assertThat(Inboxes.finished(store, own)).isEqualTo("CANCELLED");
    assertThat(Inboxes.finished(store, other)).isNull();
    assertThat(opened).containsExactly("p");

    router.tick();
    assertThat(Inboxes.finished(store, other)).isEqualTo("CANCELLED");
  }

  @Test
  void routerOfOnePipeline_announcesNoEndOfAnother() {
    submit("other", "q", RunOptions.DEFAULT, 0);
    assertThat(store.list("ended/", "", 10)).hasSize(1);
    new Router(store, any -> backend, clock, TickListener.NONE, "p").tick();
    assertThat(backend.notices()).isEmpty();
    assertThat(store.list("ended/", "", 10)).hasSize(1);

    new Router(store, any -> backend, clock, TickListener.NONE, "q").tick();
    assertThat(backend.notices()).extracting(RunNotice::what).containsExactly(What.FINISHED);
  }

  @Test
  void meter_agreesBeforeAndAfterShardsAndStagesAreComplete() {
    RunPlan plan = submit(RunOptions.DEFAULT, 3);
    commit(plan, 2, Duration.ofHours(1));
    assertThat(cost(plan)).isCloseTo(2, within(1e-9));
    commit(plan, 1, Duration.ofHours(1));
    assertThat(store.head(plan.keys().stageDone("first"))).isPresent();
    assertThat(cost(plan)).isCloseTo(3, within(1e-9));
  }

  private double cost(RunPlan plan) {
    return new Meter(site(), plan).cost().usd();
  }

  private Site site() {
    return Site.of(backend, Set.of(), clock);
  }

  /** A backend whose owner cannot be reached. */
  private Backend mute() {
    return (Backend)
        Proxy.newProxyInstance(
            RunTermsTest.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, arguments) -> {
              if (method.getName().equals("announce")) {
                throw new BackendException("the topic does not answer", true, null);
              }
              return method.invoke(backend, arguments);
            });
  }

  private RunPlan submit(RunOptions options, int inputs) {
    return submit("terms", "p", options, inputs);
  }

  private RunPlan submit(String run, String pipeline, RunOptions options, int inputs) {
    RunPlan plan =
        new RunPlan(
            1,
            run,
            1,
            pipeline,
            clock.millis(),
            List.of(Simulations.plan().stages().get(0)),
            null,
            0,
            null,
            RunTerms.of(options, backend.announces(), clock.instant()));
    store.putIfAbsent(Keys.open(plan.run()), Content.of("{}"));
    List<String> names = List.of("a", "b", "c").subList(0, inputs);
    Submissions.submit(plan, backend, site().protocol(), clock, names);
    return plan;
  }

  /** Commits jobs as a worker does, each of which took so long. */
  private void commit(RunPlan plan, int jobs, Duration took) {
    Protocol protocol = site().protocol();
    StagePlan stage = plan.stage("first");
    for (int done = 0; done < jobs; ) {
      for (Message message :
          backend.queue("first").receive(1, Duration.ZERO, Duration.ofHours(9))) {
        JobMessage work = Json.read(message.body(), JobMessage.class, "message");
        waiting.addAll(work.jobs());
        backend.queue("first").acknowledge(List.of(message));
      }
      JobSpec job = waiting.remove(0);
      Marker marker = marker(job, took);
      store.putIfAbsent(
          plan.keys().done("first", Keys.shard(0), job.id()), Content.of(Json.bytes(marker)));
      protocol.publish(plan, stage, Keys.shard(0), List.of(marker));
      protocol.check(plan, stage, Keys.shard(0));
      done++;
    }
  }

  private final List<JobSpec> waiting = new java.util.ArrayList<>();

  private static Marker marker(JobSpec job, Duration took) {
    return new Marker(
        1,
        job.id(),
        job.name(),
        job.lineage(),
        true,
        "attempt",
        1,
        0,
        null,
        "",
        List.of(),
        Map.of(),
        Map.of(),
        "",
        null,
        0,
        took.toMillis());
  }
}
