package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.finish;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.shellBuilder;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Run;
import io.yunpipe.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files flow through stages, and what can be looked at afterwards. */
class FlowTest {
  @TempDir Path temp;

  /** Waits up to 30 s for a file. */
  private static String waitFor(Path file) {
    return "i=0; until [ -e '"
        + file
        + "' ]; do i=$((i + 1)); [ $i -lt 1500 ] || exit 9; sleep 0.02; done; ";
  }

  @Test
  void oneFile_isInStageTwo_whileAnotherIsInStageOne() throws Exception {
    Path proof = temp.resolve("proof");
    files(temp.resolve("in"), 2);
    Workflow workflow =
        Workflow.sequenceRun(
            List.of(
                shell(
                    "one",
                    "case \"$1\" in */f00*) " + waitFor(proof) + ";; esac; cp \"$1\" \"$2\""),
                shell(
                    "two",
                    "cp \"$1\" \"$2\"; case \"$1\" in */f01*) touch '" + proof + "';; esac")));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), workflow)) {
      succeed(pipeline.submit(temp.resolve("in")));
    }
  }

  @Test
  void shortJobs_areCommitted_whileALongOneTakenWithThemRuns() throws Exception {
    CountDownLatch others = new CountDownLatch(1);
    Algorithm function =
        Algorithm.function(
            "mixed",
            (in, out) -> {
              if (in.name().equals("long") && !others.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the short jobs were not seen meanwhile");
              }
              out.write("out", in.bytes());
            });
    Stream<Input> inputs =
        IntStream.range(0, 400).mapToObj(n -> Input.text(n == 200 ? "long" : "s" + n, "x" + n));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), Workflow.singleRun(function))) {
      Run run = pipeline.submit(Inputs.of(inputs));
      try (Stream<JobResult> results = run.results()) {
        Iterator<JobResult> iterator = results.iterator();
        for (int i = 0; i < 399; i++) {
          assertThat(iterator.next().input()).isNotEqualTo("long");
        }
        others.countDown();
        assertThat(iterator.next())
            .returns("long", JobResult::input)
            .returns(true, JobResult::succeeded);
        assertThat(iterator.hasNext()).isFalse();
      }
    }
  }

  @Test
  void logs_haveOneFilePerAttempt_andMirrorTheInputTree() throws Exception {
    write(temp.resolve("in/deep/a.txt"), "a");
    write(temp.resolve("in/b.txt"), "b");
    Path marker = temp.resolve("second");
    Algorithm flaky =
        shellBuilder(
                "flaky",
                "cp \"$1\" \"$2\"; echo trying \"$(basename \"$1\")\"; case \"$1\" in *a.txt)"
                    + " [ -e '"
                    + marker
                    + "' ] || { touch '"
                    + marker
                    + "'; echo failed >&2; exit 1; };; esac")
            .retry(new RetryPolicy(3, Duration.ofMillis(20), Duration.ofSeconds(1), 1))
            .build();
    Path store = temp.resolve("store");
    try (Pipeline pipeline = pipeline(store, Workflow.singleRun(flaky))) {
      Run run = pipeline.submit(temp.resolve("in"));
      succeed(run);

      assertThat(tree(store.resolve("logs/" + run.id())))
          .isEqualTo(
              Map.of(
                  "flaky/b.txt.1.log", "trying b.txt\n",
                  "flaky/deep/a.txt.1.log", "trying a.txt\nfailed\n",
                  "flaky/deep/a.txt.2.log", "trying a.txt\n"));
      assertThat(tree(store.resolve("results/" + run.id())))
          .isEqualTo(Map.of("b.txt/b.txt", "b", "deep/a.txt/a.txt", "a"));
      assertThat(run.log("deep/a.txt")).isEqualTo("trying a.txt\n");
      assertThat(run.results())
          .extracting(JobResult::input, JobResult::attempts)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple("b.txt", 1),
              org.assertj.core.groups.Tuple.tuple("deep/a.txt", 2));
    }
  }

  @Test
  void failedJobs_doNotStopTheOthers() throws Exception {
    files(temp.resolve("in"), 10);
    try (Pipeline pipeline =
        pipeline(
            temp.resolve("store"),
            Workflow.singleRun(
                shell("odd", "case \"$1\" in *[13579].txt) exit 1;; esac; cp \"$1\" \"$2\"")))) {
      Run run = pipeline.submit(temp.resolve("in"));

      assertThat(finish(run).failed()).isEqualTo(5);
      assertThat(run.failed()).hasSize(5);
      assertThat(run.download(temp.resolve("out"))).isEqualTo(5);
    }
  }
}
