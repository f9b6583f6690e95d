package io.yunpipe.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.RunState;
import io.yunpipe.runner.Simulations;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a finished run tells of its failures. */
class FailureIndexTest {
  private final ManualClock clock = new ManualClock();
  private final MemoryBackend backend = new MemoryBackend(clock);
  private final ObjectStore store = backend.store();
  private final Site site = Site.of(backend, Set.of(), clock);

  /** A worker that commits a failure may stop right after it; another one completes the run. */
  @Test
  void runThatAnotherWorkerCompletes_showsAllFailures() {
    StagePlan stage = Simulations.plan().stages().get(0);
    RunPlan plan =
        new RunPlan(1, "index", 1, "p", clock.millis(), List.of(stage), null, 0, null, null);
    Submissions.submit(plan, backend, site.protocol(), clock, List.of("a"));
    Message message =
        backend.queue(stage.name()).receive(1, Duration.ZERO, Duration.ofMinutes(1)).get(0);
    JobSpec job = Json.read(message.body(), JobMessage.class, "message").jobs().get(0);
    Marker failed = Markers.failed(job, "attempt", 1, 1, "exit code 1", clock.millis());
    String key = plan.keys().done(stage.name(), Keys.shard(0), job.id());
    store.putIfAbsent(key, Content.of(Json.bytes(failed)));

    site.protocol().check(plan, stage, Keys.shard(0));
    DefaultRun run = new DefaultRun(site, plan, () -> {});
    assertThat(run.status().state()).isEqualTo(RunState.FAILED);
    assertThat(run.status().failed()).isEqualTo(1);
    assertThat(run.failed()).extracting(io.yunpipe.Failure::reason).containsExactly("exit code 1");
  }
}
