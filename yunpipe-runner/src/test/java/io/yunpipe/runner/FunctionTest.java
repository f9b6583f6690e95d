package io.yunpipe.runner;

import static io.yunpipe.runner.JobFixture.text;
import static io.yunpipe.runner.JobFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.yunpipe.BackendException;
import io.yunpipe.internal.InputRef;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;

@Timeout(60)
class FunctionTest extends OneJob {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void smallFunction_touchesNoFile() throws Exception {
    job.inline("a.txt", "abc");
    job.function(
        (in, out) -> {
          assertThat(in.name()).isEqualTo("plate/a.png");
          out.log("read " + in.bytes().length);
          out.write("b/c.txt", bytes(new String(in.bytes(), StandardCharsets.UTF_8) + "!"));
          assertThat(job.scratch).doesNotExist();
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(execution.exitCode()).isZero();
      assertThat(execution.argv()).isEmpty();
      assertThat(texts(execution)).containsExactly(entry("b/c.txt", "abc!"));
      assertThat(text(execution.log())).isEqualTo("read 3\n");
      assertThat(job.scratch).doesNotExist();
    }
  }

  @Test
  void silentFunction_succeedsWithNothing() throws Exception {
    job.inline("a", "x").function((in, out) -> {});
    try (Execution execution = job.execute()) {
      assertThat(execution.succeeded()).isTrue();
      assertThat(execution.outputs()).isEmpty();
      assertThat(execution.log()).isNull();
    }
  }

  @Test
  void pathAndFolder_areFiles() throws Exception {
    job.input("a.txt", "abc");
    job.function(
        (in, out) -> {
          out.write("before", bytes("1"));
          Files.copy(in.path(), out.folder().resolve("copy"));
          assertThat(out.folder().resolve("before")).hasContent("1");
          out.write("after", bytes("2"));
        });
    try (Execution execution = job.execute()) {
      assertThat(texts(execution))
          .containsExactly(entry("after", "2"), entry("before", "1"), entry("copy", "abc"));
    }
    assertThat(job.scratch).doesNotExist();
  }

  @Test
  void largeOutputs_goToFiles() throws Exception {
    job.function(
        (in, out) -> {
          out.write("small", bytes("1"));
          out.write("large", new byte[2 << 20]);
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.outputs().get("large").file()).isPresent();
      assertThat(execution.outputs().get("large").size()).isEqualTo(2 << 20);
      assertThat(execution.outputs()).containsOnlyKeys("small", "large");
    }
  }

  @Test
  void outputWrittenTwice_fails() throws Exception {
    job.function(
        (in, out) -> {
          out.write("a", bytes("1"));
          out.write("a", bytes("2"));
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("output 'a' was written twice");
    }
  }

  @Test
  void outputOutsideTheFolder_fails() throws Exception {
    job.function((in, out) -> out.write("../a", bytes("1")));
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .isEqualTo(
              "java.io.IOException: cannot write an output: its name must be relative, without empty, '.' or '..' parts, but is '../a'");
    }
  }

  @Test
  void exception_isTheReasonAndItsTraceTheLog() throws Exception {
    job.function(
        (in, out) -> {
          out.log("before");
          throw new IllegalStateException("no cells\nfound");
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isEqualTo("java.lang.IllegalStateException: no cells found");
      assertThat(execution.permanent()).isFalse();
      assertThat(execution.exitCode()).isEqualTo(-1);
      assertThat(text(execution.log()))
          .startsWith("before\njava.lang.IllegalStateException: no cells")
          .contains("\tat io.yunpipe.runner.FunctionTest");
    }
  }

  @Test
  void exception_withCauses_reasonNamesThoseItDoesNotRepeat() throws Exception {
    job.function(
        (in, out) -> {
          IOException lamp = new IOException("lamp is off");
          throw new IllegalStateException("no light", new UncheckedIOException(lamp));
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .isEqualTo(
              "java.lang.IllegalStateException: no light; caused by"
                  + " java.io.UncheckedIOException: java.io.IOException: lamp is off");
    }
  }

  @Test
  void error_isAFailureToo() throws Exception {
    job.function(
        (in, out) -> {
          throw new StackOverflowError("deep");
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isEqualTo("java.lang.StackOverflowError: deep");
    }
  }

  @Test
  void changedInput_isTheReason() throws Exception {
    InputRef ref = job.stored("a", "as submitted");
    Files.writeString(Path.of(String.valueOf(ref.key())), "changed");
    job.inputs.add(ref);
    job.function((in, out) -> in.bytes());
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).startsWith("input 'a' does not match its checksum");
    }
    job.function((in, out) -> in.path());
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).startsWith("input 'a' does not match its checksum");
    }
  }

  @Test
  void bytesOfSeveralInputs_sayWhatToUse() throws Exception {
    job.inline("a", "1").inline("b", "2").function((in, out) -> in.bytes());
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("has several inputs; use path() instead of bytes()");
    }
  }

  @Test
  void unknownFunction_isNotTheJobsFault() {
    job.function = true;
    assertThatThrownBy(job::execute)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'alg' is a Java function that this program does not define")
        .hasMessageContaining("Attach to the run from the program that does");
  }

  @Test
  void failingStore_isNotTheJobsFault() {
    ObjectStore store = Mockito.mock(ObjectStore.class);
    BackendException failure = new BackendException("store is down", true, null);
    Mockito.when(store.get(ArgumentMatchers.anyString())).thenThrow(failure);
    try (JobFixture other = new JobFixture(folder, store)) {
      other.inputs.add(new InputRef("a", "key", 1, "", null));
      other.function((in, out) -> in.bytes());
      assertThatThrownBy(other::execute).isSameAs(failure);
      other.function = false;
      other.command("cat", "$input");
      assertThatThrownBy(other::execute).isSameAs(failure);
      assertThat(other.scratch).doesNotExist();
    }
  }

  @Test
  void timeLimit_interruptsTheFunction() throws Exception {
    job.timeoutMillis = 200;
    job.function((in, out) -> new CountDownLatch(1).await());
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isEqualTo("did not finish within 200ms (timeout)");
      assertThat(execution.exitCode()).isEqualTo(-1);
    }
  }

  @Test
  void deafFunction_isLeftBehindAndNamed() throws Exception {
    AtomicBoolean end = new AtomicBoolean();
    job.timeoutMillis = 100;
    job.function(
        (in, out) -> {
          while (!end.get()) {
            Thread.onSpinWait();
          }
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .startsWith(
              "did not finish within 100ms (timeout); the function does not react to being interrupted");
    } finally {
      end.set(true);
    }
  }

  @Test
  void functionWithinItsLimit_succeeds() throws Exception {
    job.timeoutMillis = 20_000;
    job.function((in, out) -> out.write("a", bytes(Thread.currentThread().getName())));
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsExactly(entry("a", "yunpipe-function"));
    }
  }

  @Test
  void stop_interruptsTheFunction() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    job.function(
        (in, out) -> {
          started.countDown();
          new CountDownLatch(1).await();
        });
    for (long limit : new long[] {0, 60_000}) {
      job.timeoutMillis = limit;
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread worker =
          new Thread(
              () -> {
                try {
                  job.execute().close();
                } catch (InterruptedException e) {
                  interrupted.complete(Thread.currentThread().isInterrupted());
                }
              });
      worker.start();
      started.await();
      await().until(() -> job.executor.active("run", "stage") == 1);
      job.executor.stop("run");
      assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
      worker.join();
    }
  }

  @Test
  void longLog_goesToAFileAndIsLimited() throws Exception {
    job.function(
        (in, out) -> {
          for (int i = 0; i < 20_000; i++) {
            out.log("line " + i);
          }
        });
    try (Execution execution = job.execute()) {
      assertThat(text(execution.log()))
          .startsWith("line 0\n")
          .endsWith("dropped]\n")
          .hasSizeLessThan(70_000);
      assertThat(execution.logTail()).endsWith("dropped]\n");
    }
  }

  @Test
  void linkInFolder_isRefused() throws Exception {
    job.function(
        (in, out) -> Files.createSymbolicLink(out.folder().resolve("x"), Path.of("/etc/passwd")));
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .startsWith("refused output 'x': it is a link to '/etc/passwd'");
    }
  }

  @Test
  void trial_runsAFunction() throws IOException, InterruptedException {
    Path input = Files.writeString(folder.resolve("x.txt"), "hello");
    job.function((in, out) -> out.write(in.name() + ".up", in.bytes()));
    var trial =
        Trials.run(
            job.spec(), job.functions.get("alg"), input, java.util.Map.of(), JobFixture.SETTINGS);
    assertThat(trial.reason()).isEmpty();
    assertThat(trial.outputs()).containsExactly("x.txt.up");
    FileTrees.delete(trial.outputFolder());
  }
}
