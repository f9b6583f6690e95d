package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Stage;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Marker;
import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.StagePlan;
import io.yunpipe.spi.Message;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryJobQueue;
import io.yunpipe.testkit.MemoryObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final JobSpec JOB =
      new JobSpec("j", "l", "x.png", List.of(), null, Map.of(), null, 0);

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final ManualClock clock = new ManualClock();
  private final MemoryJobQueue queue = new MemoryJobQueue(clock, 10);
  private final List<Long> memory = new ArrayList<>();
  private int exit = 137;
  private JobSpec job = JOB;

  private final Attempts attempts =
      new Attempts(
          store,
          stage -> queue,
          new Protocol(store, stage -> queue, clock),
          new Ending(),
          Path.of("unused"),
          clock);

  @Test
  void attempt_afterExit137_getsMoreMemory() throws Exception {
    RunPlan plan = plan(new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofMinutes(1), 2));
    assertThat(run(plan)).as("tried again").isEmpty();
    assertThat(run(plan)).as("tried again").isEmpty();
    exit = 1;
    assertThat(run(plan)).as("tried again").isEmpty();
    Marker last = run(plan).orElseThrow();
    assertThat(memory).containsExactly(100L, 200L, 400L, 400L);
    assertThat(last.attempts()).isEqualTo(4);
    assertThat(last.ok()).isFalse();
  }

  @Test
  void failedAttempt_isTriedAgain_afterItsBackOffAndNotBefore() throws Exception {
    RunPlan plan = plan(new RetryPolicy(2, Duration.ofSeconds(30), Duration.ofMinutes(1), 1));
    assertThat(attempts.run(plan, plan.stage("s"), "000000", JOB)).isEmpty();
    assertThat(queue.receive(1, Duration.ZERO, Duration.ofMinutes(1))).isEmpty();
    clock.advance(Duration.ofSeconds(31));
    assertThat(queue.receive(1, Duration.ZERO, Duration.ofMinutes(1))).hasSize(1);
  }

  @Test
  void exit75_asksForAnotherTry_whereNoneWasConfigured() throws Exception {
    RunPlan plan = plan(RetryPolicy.NONE);
    exit = 75;
    for (int i = 1; i < RetryPolicy.TEMPFAIL_ATTEMPTS; i++) {
      assertThat(run(plan)).as("attempt " + i).isEmpty();
    }
    assertThat(run(plan).orElseThrow().attempts()).isEqualTo(RetryPolicy.TEMPFAIL_ATTEMPTS);
  }

  @Test
  void jobSentAgainAsIfNew_countsTheRecordsThatAreThere() throws Exception {
    RunPlan plan = plan(new RetryPolicy(2, Duration.ofSeconds(1), Duration.ofMinutes(1), 1));
    assertThat(run(plan)).isEmpty();
    job = JOB;
    assertThat(run(plan).orElseThrow().attempts()).as("both failures").isEqualTo(2);
  }

  /** Makes an attempt of the job as it was sent last. */
  private Optional<Marker> run(RunPlan plan) throws InterruptedException {
    Optional<Marker> marker = attempts.run(plan, plan.stage("s"), "000000", job);
    if (marker.isEmpty()) {
      clock.advance(Duration.ofMinutes(2));
      Message sent = queue.receive(1, Duration.ZERO, Duration.ofMinutes(1)).get(0);
      queue.acknowledge(List.of(sent));
      job = Json.read(sent.body(), JobMessage.class, "a message").jobs().get(0);
    }
    return marker;
  }

  private static RunPlan plan(RetryPolicy retry) {
    AlgorithmSpec algorithm = PlannedAlgorithm.of("s", Resources.of(1, 100), retry);
    StagePlan stage =
        new StagePlan("s", algorithm, List.of(), Stage.Kind.EACH, "**", null, Map.of(), true);
    return new RunPlan(1, "run", 1, "p", 0, List.of(stage), null, 0, null);
  }

  /** Ends every attempt with the test's exit code and notes what memory it was given. */
  private final class Ending extends PretendedExecutor {
    @Override
    public Execution execute(Attempt attempt) {
      memory.add(attempt.memoryMib());
      return ended(exit, "exited with code " + exit, Map.of());
    }
  }
}
