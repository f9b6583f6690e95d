package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.PATIENCE;
import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.finish;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.shellBuilder;
import static io.yunpipe.e2e.Local.stage;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yunpipe.Algorithm;
import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts, time limits, cancelling, and failed jobs tried again. */
class RetryTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(3, Duration.ofMillis(10), Duration.ofMillis(50), 1);

  @TempDir Path temp;

  private Run submit(Pipeline pipeline, int count) {
    return pipeline.submit(files(temp.resolve("in"), count));
  }

  private Pipeline one(Algorithm algorithm) {
    return pipeline(temp.resolve("store"), Workflow.singleRun(algorithm));
  }

  /** Counts the attempts of each input in a file beside the inputs. */
  private String counting() {
    return "c='" + temp + "'/count-$(basename \"$1\"); echo . >> \"$c\"; n=$(wc -l < \"$c\"); ";
  }

  private long attempts(String input) throws Exception {
    return Files.readAllLines(temp.resolve("count-" + input)).size();
  }

  @Test
  void failingTwice_ofThreeAttempts_succeeds() throws Exception {
    Algorithm flaky =
        shellBuilder("flaky", counting() + "[ $n -ge 3 ] || exit 1; cp \"$1\" \"$2\"")
            .retry(QUICK)
            .build();
    try (Pipeline pipeline = one(flaky)) {
      Run run = submit(pipeline, 1);
      succeed(run);
      assertThat(run.results()).extracting(JobResult::attempts).containsExactly(3);
      assertThat(attempts("f00.txt")).isEqualTo(3);
    }
  }

  @Test
  void failingAlways_isCommittedAsFailed_afterItsAttempts() throws Exception {
    Algorithm failing =
        shellBuilder("failing", counting() + "echo try $n >&2; exit 2").retry(QUICK).build();
    try (Pipeline pipeline = one(failing)) {
      Run run = submit(pipeline, 1);
      assertThat(finish(run).state()).isEqualTo(RunState.FAILED);
      assertThat(attempts("f00.txt")).isEqualTo(3);
      assertThat(run.failed())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.attempts()).isEqualTo(3);
                assertThat(failure.exitCode()).isEqualTo(2);
                assertThat(failure.logTail()).isEqualTo("try 3\n");
              });
    }
  }

  @Test
  void exitCode75_isTriedAgain_evenWithoutARetryPolicy() throws Exception {
    Algorithm later =
        shellBuilder("later", counting() + "[ $n -ge 4 ] || exit 75; cp \"$1\" \"$2\"")
            .retry(new RetryPolicy(1, Duration.ofMillis(10), Duration.ofMillis(20), 1))
            .build();
    try (Pipeline pipeline = one(later)) {
      succeed(submit(pipeline, 1));
      assertThat(attempts("f00.txt")).isEqualTo(4);
    }
  }

  @Test
  void timeLimit_endsTheProcessTree_andSaysSo() throws Exception {
    Path child = temp.resolve("child");
    Algorithm slow =
        shellBuilder("slow", "sleep 300 & echo $! > '" + child + "'; wait")
            .timeout(Duration.ofMillis(600))
            .build();
    try (Pipeline pipeline = one(slow)) {
      Run run = submit(pipeline, 1);
      finish(run);
      assertThat(run.failed())
          .singleElement()
          .satisfies(failure -> assertThat(failure.reason()).contains("600ms", "timeout"));
      await().atMost(PATIENCE).until(() -> gone(child));
    }
  }

  private static boolean gone(Path pidFile) {
    return ProcessHandle.of(Long.parseLong(Local.read(pidFile).strip()))
        .filter(ProcessHandle::isAlive)
        .isEmpty();
  }

  @Test
  void cancel_endsRunningProcessTrees_andKeepsWhatIsCommitted() throws Exception {
    Path child = temp.resolve("child");
    Algorithm mixed =
        shell(
            "mixed",
            "case \"$1\" in */f00*) cp \"$1\" \"$2\";; */f01*) sleep 300 & echo $! > '"
                + child
                + ".part'; mv '"
                + child
                + ".part' '"
                + child
                + "'; wait;; *) sleep 300;; esac");
    try (Pipeline pipeline = one(mixed)) {
      Run run = submit(pipeline, 8);
      await()
          .atMost(PATIENCE)
          .until(() -> Files.exists(child) && stage(run.status(), "mixed").succeeded() == 1);

      run.cancel();

      RunStatus status = finish(run);
      assertThat(status.state()).isEqualTo(RunState.CANCELLED);
      assertThat(status.reason()).hasValue("cancelled");
      await().atMost(PATIENCE).until(() -> gone(child));
      assertThat(run.download(temp.resolve("out"))).isEqualTo(1);
      assertThat(tree(temp.resolve("out"))).isEqualTo(Map.of("f00.txt/f00.txt", "f00 "));
      run.cancel();
      assertThat(run.status()).isEqualTo(status);
    }
  }

  @Test
  void retryFailed_runsOnlyWhatFailed_andTheGatherAgain() throws Exception {
    Path marker = temp.resolve("repaired");
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(
                        shell(
                            "work",
                            counting()
                                + "case \"$1\" in */f01*) [ -e '"
                                + marker
                                + "' ] || { echo not yet >&2; exit 1; };; esac; cp \"$1\" \"$2\""))
                    .keep(true)
                    .build(),
                Stage.builder(
                        shell(
                            "all",
                            "echo . >> '"
                                + temp
                                + "/count-all'; cat $(find \"$1\" -type f | sort) > \"$2/all\""))
                    .after("work")
                    .gather()
                    .build()));
    try (Pipeline pipeline = pipeline(temp.resolve("store"), workflow)) {
      Run run = submit(pipeline, 3);
      RunStatus before = finish(run);
      assertThat(before.state()).isEqualTo(RunState.FAILED);
      assertThat(before.failed()).isEqualTo(2);

      write(marker, "");
      Run again = run.retryFailed();
      RunStatus after = succeed(again);

      assertThat(again.id()).isEqualTo(run.id());
      assertThat(after.generation()).isEqualTo(2);
      assertThat(attempts("f00.txt")).as("taken over").isEqualTo(1);
      assertThat(attempts("f01.txt")).isEqualTo(2);
      assertThat(attempts("all")).isEqualTo(1);
      assertThat(again.failed()).isEmpty();
      again.download(temp.resolve("out"));
      assertThat(tree(temp.resolve("out")))
          .isEqualTo(
              Map.of(
                  "work/f00.txt/f00.txt", "f00 ",
                  "work/f01.txt/f01.txt", "f01 ",
                  "work/f02.txt/f02.txt", "f02 ",
                  "all/all", "f00 f01 f02 "));
      assertThat(run.status().failed()).as("the first generation stays as it was").isEqualTo(2);
      assertThat(pipeline.attach(run.id()).status()).isEqualTo(after);
    }
  }

  @Test
  void retryFailed_ofARunThatIsNotFinished_isRefused() throws Exception {
    try (Pipeline pipeline = one(shell("slow", "sleep 300"))) {
      Run run = submit(pipeline, 1);
      assertThatThrownBy(run::retryFailed)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not finished");
      run.cancel();
    }
  }
}
