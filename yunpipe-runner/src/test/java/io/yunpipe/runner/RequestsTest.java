package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Stage.Kind;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.StagePlan;
import io.yunpipe.internal.Submissions;
import io.yunpipe.spi.Content;
import io.yunpipe.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run costs where each call to the store or to a queue is a request. */
class RequestsTest {
  private static final int INPUTS = 1_000;

  private final ManualClock clock = new ManualClock();
  private final CountingBackend backend = new CountingBackend(clock);
  private final Protocol protocol = new Protocol(backend.store(), backend::queue, clock);
  private final LeaseKeeper leases = new LeaseKeeper(Duration.ofMinutes(5));
  private final Timed executor = new Timed();
  private final Worker worker =
      new Worker(
          backend.store(),
          backend::queue,
          protocol,
          new Attempts(
              backend.store(), backend::queue, protocol, executor, Path.of("unused"), clock),
          leases,
          clock);

  @AfterEach
  void close() {
    leases.close();
  }

  @Test
  void shortJobs_shareRequests() throws Exception {
    RunPlan plan = plan(Simulation.stage("one", Kind.EACH, List.of()));
    run(plan);
    assertThat(backend.counts().get("put data")).isEqualTo(INPUTS);
    assertThat(markerRequests()).as("calls for markers: %s", backend.counts()).isLessThan(100);
    assertThat(backend.others()).as("requests: %s", backend.counts()).isLessThan(190);
  }

  @Test
  void joins_lookAtTheirBranchesTogether() throws Exception {
    RunPlan plan =
        plan(
            Simulation.stage("left", Kind.EACH, List.of()),
            Simulation.stage("right", Kind.EACH, List.of()),
            Simulation.stage("pair", Kind.JOIN, List.of("left", "right")));
    run(plan);
    assertThat(backend.counts().get("put data")).isEqualTo(3 * INPUTS);
    assertThat(markerRequests()).as("calls for markers: %s", backend.counts()).isLessThan(400);
    assertThat(backend.others()).as("requests: %s", backend.counts()).isLessThan(3 * 200);
  }

  @Test
  void failedJob_isTriedAgain_withoutListingItsRecords() throws Exception {
    executor.exit = number -> number == 1 ? 75 : 0;
    RunPlan plan = plan(Simulation.stage("one", Kind.EACH, List.of()));
    Submissions.submit(plan, backend, protocol, clock, List.of("x"));
    backend.counts().clear();
    drain(plan);
    clock.advance(Duration.ofMinutes(5));
    drain(plan);
    assertThat(Submissions.markers(plan, backend, "one").get(0).attempts()).isEqualTo(2);
    assertThat(backend.counts().get("list"))
        .as("shard and stage: %s", backend.counts())
        .isLessThan(8);
  }

  private int markerRequests() {
    return backend.counts().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("markers"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private void run(RunPlan plan) throws InterruptedException {
    List<String> names = IntStream.range(0, INPUTS).mapToObj(i -> "f" + i).toList();
    Submissions.submit(plan, backend, protocol, clock, names);
    drain(plan);
    assertThat(Submissions.finished(plan, backend)).isEqualTo("SUCCEEDED");
  }

  private void drain(RunPlan plan) throws InterruptedException {
    for (StagePlan stage : plan.stages()) {
      Pace pace = new Pace(worker.rhythm());
      int jobs;
      do {
        int batch = Math.min(10, pace.batch());
        long start = clock.millis();
        jobs = worker.work(stage.name(), batch, Duration.ZERO);
        pace.took(Duration.ofMillis(clock.millis() - start).toNanos(), batch);
      } while (jobs > 0);
    }
  }

  private static RunPlan plan(StagePlan... stages) {
    return new RunPlan(1, "counted", 1, "p", 0, List.of(stages), null, 0, null);
  }

  /** Takes 20 ms for each job, by the test's clock. */
  private final class Timed extends PretendedExecutor {
    private IntFunction<Integer> exit = number -> 0;
    private int executed;

    @Override
    public Execution execute(Attempt attempt) {
      clock.advance(Duration.ofMillis(20));
      int code = exit.apply(++executed);
      Map<String, Content> outputs = code == 0 ? Map.of("out", Content.of("x")) : Map.of();
      return ended(code, code == 0 ? null : "exited with code " + code, outputs);
    }
  }
}
