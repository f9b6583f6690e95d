package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimeLimitTest extends OneJob {
  /** Ignores SIGTERM, and so do its children. */
  private static final String DEAF = "trap '' TERM; echo $$ >> $0/pids; while :; do sleep 1; done";

  /** Leaves the session and the family, as daemons do. */
  private static final String DOUBLE_FORK =
      "setsid sh -c 'trap \"\" TERM; echo $$ >> $0/pids; (sleep 300; :) & while :; do sleep 1; done' $0 & ";

  /** The same, and without the mark in its environment. */
  private static final String UNMARKED =
      "env -i setsid /bin/sh -c 'echo $$ >> $0/pids; trap \"\" TERM; while :; do /bin/sleep 1; done' $0 & ";

  private void script(String script) {
    job.command("sh", "-c", script, folder.toString());
  }

  private List<Long> pids() throws IOException {
    Path file = folder.resolve("pids");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(String::strip).map(Long::valueOf).toList()
        : List.of();
  }

  /** Reads the state itself: a killed process that nobody waited for counts as ended. */
  private static boolean runs(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  private void assertNoneRuns(int atLeast) throws IOException {
    assertThat(pids()).hasSizeGreaterThanOrEqualTo(atLeast).noneMatch(TimeLimitTest::runs);
  }

  @Test
  void sleeper_isEndedAtTheLimit() throws Exception {
    job.timeoutMillis = 1000;
    job.command("sleep", "300");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isEqualTo("did not finish within 1s (timeout)");
      assertThat(execution.exitCode()).isEqualTo(-1);
      assertThat(execution.permanent()).isFalse();
      assertThat(execution.took()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void processThatObeysSigterm_mayCleanUp() throws Exception {
    job.timeoutMillis = 500;
    script("trap 'echo cleaned up; exit 0' TERM; while :; do sleep 0.05; done");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).contains("cleaned up");
      assertThat(execution.succeeded()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", DOUBLE_FORK, UNMARKED})
  void processThatIgnoresSigterm_isKilledWithItsWholeTree(String before) throws Exception {
    job.timeoutMillis = 700;
    script(before + DEAF);
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isEqualTo("did not finish within 700ms (timeout)");
    }
    assertNoneRuns(before.isEmpty() ? 1 : 2);
    assertThat(job.left()).isEmpty();
  }

  @Test
  void leftovers_areEndedAfterANormalExit() throws Exception {
    script(DOUBLE_FORK + "while ! test -s $0/pids; do sleep 0.02; done; exit 0");
    try (Execution execution = job.execute()) {
      assertThat(execution.succeeded()).isTrue();
      assertThat(execution.logTail()).contains("that the command had left running");
    }
    assertNoneRuns(1);
  }

  @Test
  void stop_endsTheTreeAndThrows() throws Exception {
    script(DOUBLE_FORK + DEAF);
    CompletableFuture<Execution> running = inBackground();
    await().until(() -> pids().size() >= 2);
    assertThat(job.executor.active("run", "stage")).isEqualTo(1);
    assertThat(job.executor.active("other", "stage")).isZero();
    job.executor.stop("other");
    assertThat(running).isNotDone();
    job.executor.stop("run");
    assertThat(running)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(InterruptedException.class);
    assertNoneRuns(2);
    assertThat(job.left()).isEmpty();
    assertThat(job.executor.active("run", "stage")).isZero();
  }

  @Test
  void interrupt_endsTheTreeAndThrows() throws Exception {
    script(DEAF);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                job.execute().close();
              } catch (InterruptedException e) {
                thrown.complete(e);
              }
            });
    worker.start();
    await().until(() -> !pids().isEmpty());
    worker.interrupt();
    assertThat(thrown).succeedsWithin(Duration.ofSeconds(20));
    assertNoneRuns(1);
    assertThat(job.left()).isEmpty();
  }

  @Test
  void close_endsEverythingAndWaits() throws Exception {
    script(DEAF);
    CompletableFuture<Execution> running = inBackground();
    await().until(() -> !pids().isEmpty());
    job.executor.close();
    assertThat(running).isDone();
    assertNoneRuns(1);
    assertThat(inBackground()).failsWithin(Duration.ofSeconds(5));
  }

  @Test
  void log_canBeReadWhileTheJobRuns() throws Exception {
    script("echo started; echo $$ >> $0/pids; while :; do sleep 0.1; done");
    CompletableFuture<Execution> running = inBackground();
    await().until(() -> logText().equals("started\n"));
    assertThat(job.executor.log("run", "other")).isEmpty();
    job.executor.stop("run");
    assertThat(running).failsWithin(Duration.ofSeconds(20));
    assertThat(job.executor.log("run", "job")).isEmpty();
  }

  private String logText() throws IOException {
    Optional<InputStream> log = job.executor.log("run", "job");
    if (log.isEmpty()) {
      return "";
    }
    try (InputStream in = log.get()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private CompletableFuture<Execution> inBackground() {
    CompletableFuture<Execution> result = new CompletableFuture<>();
    Attempt attempt = job.attempt();
    new Thread(
            () -> {
              try {
                result.complete(job.executor.execute(attempt));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            })
        .start();
    return result;
  }
}
