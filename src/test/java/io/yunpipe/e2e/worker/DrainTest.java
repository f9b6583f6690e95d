package io.yunpipe.e2e.worker;

import static io.yunpipe.e2e.worker.Site.finish;
import static io.yunpipe.e2e.worker.Site.results;
import static io.yunpipe.e2e.worker.Site.shell;
import static io.yunpipe.e2e.worker.Site.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.spi.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that take what is in a queue, and end. */
@Timeout(180)
class DrainTest {
  private static final int INPUTS = 60;

  @TempDir Path temp;
  private Site site;

  @BeforeEach
  void open() {
    site = new Site(temp);
  }

  @Test
  void twoWorkersOfAStage_andOneOfTheNext_doAllJobsOnce() throws Exception {
    try (Pipeline pipeline =
        site.pipeline()
            .stage(
                shell("first", "cat \"$1\" > \"$2/o\"; echo $YUNPIPE_ATTEMPT >> \"$2/o\"").build())
            .stage(shell("second", "cat \"$1\" > \"$2/o\"; echo two >> \"$2/o\"").build())
            .build()) {
      Run run = pipeline.submit(site.inputs(INPUTS));
      try (WorkerProgram one = site.worker("first", "YUNPIPE_CONCURRENCY", "2");
          WorkerProgram two = site.worker("first");
          WorkerProgram next = site.worker("second", "YUNPIPE_IDLE", "8s")) {
        assertThat(finish(run).state())
            .as("workers say: %s", one.text())
            .isEqualTo(RunState.SUCCEEDED);
        assertThat(List.of(one.await(30), two.await(30), next.await(30)))
            .as("workers say: %s", one.text())
            .containsExactly(0, 0, 0);
      }
      Set<String> attempts = new HashSet<>();
      for (JobResult result : results(run)) {
        assertThat(text(result.files().get(0))).startsWith("input ").endsWith("\ntwo\n");
        attempts.add(text(result.files().get(0)).lines().findFirst().orElseThrow());
      }
      assertThat(attempts).as("each input once").hasSize(INPUTS);
    }
    try (Backend backend = site.backend()) {
      assertThat(backend.queue("first").depth().empty()).isTrue();
      assertThat(backend.queue("second").depth().empty()).isTrue();
    }
  }

  @Test
  void worker_withNothingToDo_endsWhenIdle() throws Exception {
    try (WorkerProgram worker = site.worker("none", "YUNPIPE_IDLE", "300ms")) {
      assertThat(worker.await(30)).as(worker.text()).isZero();
      assertThat(worker.text())
          .contains("\"level\":\"INFO\"")
          .contains("Worker ends: stage=none jobs=0");
    }
    assertThat(temp.resolve("scratch")).doesNotExist();
  }

  @Test
  void failedJobs_areTriedAgainAndCommitted_andTheWorkerEndsWell() throws Exception {
    try (Pipeline pipeline =
        site.pipeline()
            .stage(
                shell("fail", "echo no >&2; exit 3")
                    .retry(new RetryPolicy(2, Duration.ofMillis(10), Duration.ofMillis(10), 1))
                    .build())
            .build()) {
      Run run = pipeline.submit(site.inputs(3));
      try (WorkerProgram worker = site.worker("fail")) {
        assertThat(finish(run).state()).isEqualTo(RunState.FAILED);
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      assertThat(results(run))
          .hasSize(3)
          .allSatisfy(result -> assertThat(result.attempts()).isEqualTo(2));
    }
  }

  @Test
  void logBeyondTheCap_isCutInTheMiddle() throws Exception {
    try (Pipeline pipeline =
        site.pipeline()
            .stage(
                shell("talk", "yes yunpipe | head -c 1000000; echo the end; echo x > \"$2/o\"")
                    .build())
            .build()) {
      Run run = pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("talk", "YUNPIPE_MAX_LOG_BYTES", "65536")) {
        assertThat(finish(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      assertThat(run.log("f000"))
          .hasSizeLessThan(80_000)
          .contains("bytes of this log were dropped here")
          .endsWith("the end\n");
    }
  }

  @Test
  void scratchThatTheCommandsUserCannotEnter_isRefused() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "needs root, which alone can start commands as another user");
    String scratch = temp.resolve("scratch").toString();
    try (WorkerProgram worker = site.worker("copy", "YUNPIPE_SCRATCH", scratch)) {
      assertThat(worker.await(30)).as(worker.text()).isEqualTo(64);
      assertThat(worker.text())
          .contains("YUNPIPE_SCRATCH: commands run as user 65534:65534, who may not enter");
    }
  }

  @Test
  void scratch_isEmptyAfterwards() throws Exception {
    Path scratch = temp.resolve("scratch");
    temp.toFile().setExecutable(true, false);
    try (Pipeline pipeline =
        site.pipeline().stage(shell("copy", "cp \"$1\" \"$2/o\"").build()).build()) {
      Run run = pipeline.submit(site.inputs(4));
      try (WorkerProgram worker = site.worker("copy", "YUNPIPE_SCRATCH", scratch.toString())) {
        assertThat(finish(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
    }
    try (var left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }
}
