package io.yunpipe.e2e.worker;

import static io.yunpipe.e2e.worker.Site.results;
import static io.yunpipe.e2e.worker.Site.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Pipeline;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are started for one job instead of a queue. */
@Timeout(180)
class OnlyJobTest {
  @TempDir Path temp;
  private Site site;

  @BeforeEach
  void open() {
    site = new Site(temp);
  }

  /** Takes a stage's only message out of its queue, as whoever starts a container for it would. */
  private String take(String stage) {
    try (Backend backend = site.backend()) {
      List<Message> messages =
          Awaitility.await()
              .atMost(Site.PATIENCE)
              .until(
                  () -> backend.queue(stage).receive(1, Duration.ZERO, Duration.ofMinutes(1)),
                  found -> !found.isEmpty());
      backend.queue(stage).acknowledge(messages);
      return messages.get(0).body();
    }
  }

  @Test
  void job_isRun_andWhatFollowsGoesToTheQueueOfTheNextStage() throws Exception {
    try (Pipeline pipeline =
        site.pipeline()
            .stage(shell("one", "cp \"$1\" \"$2/o\"").build())
            .stage(shell("two", "cp \"$1\" \"$2/o\"").build())
            .build()) {
      Run run = pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("unused", "YUNPIPE_JOB", take("one"))) {
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      String next = take("two");
      try (Backend backend = site.backend()) {
        backend.store().put("jobs/next", Content.of(next));
      }
      try (WorkerProgram worker = site.worker("unused", "YUNPIPE_JOB", "key:jobs/next")) {
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      assertThat(Site.finish(run).state()).isEqualTo(RunState.SUCCEEDED);
    }
  }

  @Test
  void jobThatFails_isTriedInThisProcess_andItsCommittedFailureIsAGoodEnd() throws Exception {
    RetryPolicy retry = new RetryPolicy(3, Duration.ofMillis(10), Duration.ofMillis(10), 1);
    try (Pipeline pipeline =
        site.pipeline().stage(shell("one", "exit 9").retry(retry).build()).build()) {
      Run run = pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("unused", "YUNPIPE_JOB", take("one"))) {
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      assertThat(Site.finish(run).state()).isEqualTo(RunState.FAILED);
      assertThat(results(run).get(0).attempts()).isEqualTo(3);
    }
  }

  @Test
  void sigterm_beforeTheJobIsCommitted_asksForAnotherStart() throws Exception {
    String script = "touch %s/begun; while :; do sleep 0.1; done".formatted(temp);
    temp.toFile().setWritable(true, false);
    temp.toFile().setExecutable(true, false);
    try (Pipeline pipeline = site.pipeline().stage(shell("one", script).build()).build()) {
      pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker("unused", "YUNPIPE_JOB", take("one"))) {
        site.awaitFile("begun");
        worker.terminate();
        assertThat(worker.await(20)).as(worker.text()).isEqualTo(75);
      }
    }
  }
}
