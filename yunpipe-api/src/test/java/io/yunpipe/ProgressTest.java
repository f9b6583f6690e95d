package io.yunpipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  @Nested
  class Lines {
    private final ProgressLines lines = new ProgressLines(nanos::get);

    @Test
    void lines_sameState_areAtMostOneInFiveSeconds() {
      lines.onStatus(status(RunState.RUNNING, 0, 0));
      advance(1);
      lines.onStatus(status(RunState.RUNNING, 2, 0));
      advance(5);
      lines.onStatus(status(RunState.RUNNING, 12, 0));
      assertThat(text())
          .isEqualTo(
              """
              r-1 running: smooth 0/24, summary 0/1
              r-1 running: smooth 12/24, summary 0/1; 2 jobs/s, 6s left
              """);
    }

    @Test
    void lines_note_isWrittenOnce() {
      lines.onNote("fetching image lab/i (1 of 2 layers)");
      lines.onNote("fetching image lab/i (1 of 2 layers)");
      lines.onNote("fetching image lab/i (2 of 2 layers)");
      assertThat(text())
          .isEqualTo(
              """
              fetching image lab/i (1 of 2 layers)
              fetching image lab/i (2 of 2 layers)
              """);
    }

    @Test
    void lines_stateChanges_areWrittenAtOnce() {
      lines.onStatus(status(RunState.SUBMITTING, 0, 0));
      lines.onStatus(status(RunState.RUNNING, 0, 0));
      advance(3);
      lines.onStatus(status(RunState.FAILED, 24, 1));
      assertThat(text())
          .isEqualTo(
              """
              r-1 taking inputs: smooth 0/24, summary 0/1
              r-1 running: smooth 0/24, summary 0/1
              r-1 failed: smooth 24/24 (1 failed), summary 0/1; after 3s
              """);
    }

    @Test
    void lines_never_haveEscapeCodes() {
      lines.onStatus(status(RunState.RUNNING, 0, 0));
      lines.onStatus(status(RunState.SUCCEEDED, 24, 0));
      assertThat(text()).doesNotContain("\033", "\r");
    }
  }

  @Nested
  class Bar {
    private final ProgressBar bar = new ProgressBar(nanos::get, 80);

    @Test
    void bar_running_rewritesOneLine() {
      bar.onStatus(status(RunState.RUNNING, 0, 0));
      advance(2);
      bar.onStatus(status(RunState.RUNNING, 5, 0));
      assertThat(text())
          .isEqualTo(
              "\r[--------------------] 0/25  smooth 0/24  summary 0/1\033[K"
                  + "\r[####----------------] 5/25  smooth 5/24  summary 0/1  2.5 jobs/s, 8s left\033[K");
    }

    @Test
    void bar_finished_endsTheLineOnce() {
      bar.onStatus(status(RunState.SUCCEEDED, 24, 0));
      bar.onStatus(status(RunState.SUCCEEDED, 24, 0));
      assertThat(text()).endsWith("succeeded after 0ms\033[K\n").containsOnlyOnce("\n");
    }

    @Test
    void bar_inputsStillComing_promisesNoEnd() {
      bar.onStatus(status(RunState.SUBMITTING, 0, 0));
      advance(1);
      bar.onStatus(status(RunState.SUBMITTING, 20, 0));
      assertThat(text()).endsWith("20 jobs/s\033[K").doesNotContain("left");
    }

    @Test
    void bar_manyStages_staysWithinTheLine() {
      List<StageStatus> stages =
          List.of(
              new StageStatus("finished-long-ago", 0, 0, 1000, 0, 1000),
              new StageStatus("still-working-on-it", 10, 2, 900, 3, 915),
              new StageStatus("another-stage-with-a-long-name", 10, 2, 900, 3, 915));
      String line = bar.line(status(RunState.RUNNING, stages));
      assertThat(line).hasSizeLessThan(80).contains("still-working-on-it 903/915 (3 failed)");
    }
  }

  @Test
  void listener_errorStreamBroken_doesNotFailTheRun() {
    System.setErr(
        new PrintStream(written) {
          @Override
          public void print(String text) {
            throw new IllegalStateException("closed");
          }
        });
    assertThatCode(() -> Progress.lines().onStatus(status(RunState.RUNNING, 1, 0)))
        .doesNotThrowAnyException();
  }

  @Test
  void auto_notATerminal_writesLines() {
    // Surefire's processes have no terminal.
    Progress.auto().onStatus(status(RunState.RUNNING, 1, 0));
    Progress.none().onStatus(status(RunState.RUNNING, 1, 0));
    assertThat(text()).isEqualTo("r-1 running: smooth 1/24, summary 0/1\n");
  }

  @Test
  void duration_anyLength_isShort() {
    assertThat(
            List.of(
                ProgressText.duration(Duration.ofMillis(850)),
                ProgressText.duration(Duration.ofSeconds(12)),
                ProgressText.duration(Duration.ofSeconds(185)),
                ProgressText.duration(Duration.ofMinutes(127))))
        .containsExactly("850ms", "12s", "3m05s", "2h07m");
  }

  private void advance(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private static RunStatus status(RunState state, long done, long failed) {
    return status(
        state,
        List.of(
            new StageStatus("smooth", 24 - done, 0, done - failed, failed, 24),
            new StageStatus("summary", 1, 0, 0, 0, 1)));
  }

  private static RunStatus status(RunState state, List<StageStatus> stages) {
    return new RunStatus(
        "r-1", "cells", state, 1, Instant.EPOCH, Optional.empty(), Optional.empty(), stages);
  }
}
