package io.yunpipe.e2e.worker;

import static io.yunpipe.e2e.worker.Site.finish;
import static io.yunpipe.e2e.worker.Site.results;
import static io.yunpipe.e2e.worker.Site.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.spi.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are asked to end while jobs run, and runs that are stopped from elsewhere. */
@Timeout(180)
class EndTest {
  @TempDir Path temp;
  private Site site;

  @BeforeEach
  void open() {
    site = new Site(temp);
    // Also for commands that run as another user.
    temp.toFile().setWritable(true, false);
    temp.toFile().setExecutable(true, false);
    temp.toFile().setReadable(true, false);
  }

  /** Waits until it is asked to end; goes through at once when the file {@code go} is there. */
  private Pipeline waiting(String atTerm) {
    String script =
        "test -e %1$s/go && { echo done > \"$2/o\"; exit 0; }; trap '%2$s' TERM; touch %1$s/begun; while :; do sleep 0.1; done"
            .formatted(temp, atTerm.formatted(temp));
    return site.pipeline().stage(shell("wait", script).build()).build();
  }

  @Test
  void sigterm_letsTheJobSaveItsState_recordsNothing_andGivesTheMessageBack() throws Exception {
    try (Pipeline pipeline = waiting("echo saved > %1$s/saved; exit 1")) {
      Run run = pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("wait")) {
        site.awaitFile("begun");
        worker.terminate();
        assertThat(worker.await(20)).as(worker.text()).isZero();
        assertThat(temp.resolve("saved")).hasContent("saved");
      }
      try (Backend backend = site.backend()) {
        assertThat(backend.queue("wait").depth().ready()).as("messages given back").isOne();
      }
      Files.createFile(temp.resolve("go"));
      try (WorkerProgram worker = site.worker("wait")) {
        assertThat(finish(run).state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      JobResult result = results(run).get(0);
      assertThat(result.attempts()).as("the end of a worker costs no attempt").isOne();
    }
  }

  @Test
  void secondSigterm_endsAJobThatDoesNotListen() throws Exception {
    try (Pipeline pipeline = waiting("")) {
      pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("wait", "YUNPIPE_GRACE", "100s")) {
        site.awaitFile("begun");
        worker.terminate();
        assertThat(worker.await(2)).as("still within the grace: %s", worker.text()).isEqualTo(-1);
        worker.terminate();
        assertThat(worker.await(20)).as(worker.text()).isZero();
      }
    }
  }

  @Test
  void grace_ended_killsTheJob_andTheWorkerEndsWell() throws Exception {
    try (Pipeline pipeline = waiting("")) {
      pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("wait", "YUNPIPE_GRACE", "500ms")) {
        site.awaitFile("begun");
        worker.terminate();
        assertThat(worker.await(20)).as(worker.text()).isZero();
      }
      try (Backend backend = site.backend()) {
        assertThat(backend.queue("wait").depth().ready()).as("messages given back").isOne();
      }
    }
  }

  @Test
  void sigterm_whileNothingIsThere_endsSoon() throws Exception {
    try (WorkerProgram worker = site.worker("wait", "YUNPIPE_IDLE", "10m")) {
      Awaitility.await().atMost(Site.PATIENCE).until(() -> worker.text().contains("Worker begins"));
      worker.terminate();
      assertThat(worker.await(15)).as(worker.text()).isZero();
    }
  }

  @Test
  void runStoppedFromElsewhere_itsJobIsEnded_andTheWorkerGoesOn() throws Exception {
    try (Pipeline pipeline = waiting("echo stopped > %1$s/stopped; exit 0")) {
      Run run = pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("wait", "YUNPIPE_IDLE", "3s")) {
        site.awaitFile("begun");
        run.cancel();
        site.awaitFile("stopped");
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      assertThat(run.status().state()).isEqualTo(RunState.CANCELLED);
      try (Backend backend = site.backend()) {
        assertThat(backend.queue("wait").depth().empty()).as("its message is gone").isTrue();
      }
    }
  }
}
