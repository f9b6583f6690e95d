package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.PATIENCE;
import static io.yunpipe.e2e.Local.adding;
import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.stage;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Workflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
  @TempDir Path temp;

  private Path store() {
    return temp.resolve("store");
  }

  private static String waitFor(Path file) {
    return "i=0; until [ -e '"
        + file
        + "' ]; do i=$((i + 1)); [ $i -lt 1500 ] || exit 9; sleep 0.02; done; ";
  }

  @Test
  void attach_fromAnotherPipeline_seesTheSameRun() throws Exception {
    try (Pipeline pipeline = pipeline(store(), Workflow.singleRun(adding("one")));
        Pipeline other = pipeline(store(), Workflow.singleRun(adding("one")))) {
      Run run = pipeline.submit(files(temp.resolve("in"), 2));
      RunStatus status = succeed(run);

      Run attached = other.attach(run.id());
      assertThat(attached.status()).isEqualTo(status);
      assertThat(attached.download(temp.resolve("out"))).isEqualTo(2);
      assertThat(other.runs()).containsExactly(status);
      assertThatThrownBy(() -> other.attach("nosuchrun"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("nosuchrun")
          .hasMessageContaining(run.id());
    }
  }

  @Test
  void closedProgram_leavesItsRun_anotherOneFinishesIt() throws Exception {
    Path go = temp.resolve("go");
    Workflow workflow = Workflow.singleRun(shell("wait", waitFor(go) + "cp \"$1\" \"$2\""));
    String id;
    try (Pipeline pipeline = pipeline(store(), workflow)) {
      id = pipeline.submit(files(temp.resolve("in"), 6)).id();
    }
    write(go, "");
    try (Pipeline other = pipeline(store(), workflow)) {
      Run run = other.attach(id);
      assertThat(run.status().state()).isEqualTo(RunState.RUNNING);
      succeed(run);
      assertThat(run.download(temp.resolve("out"))).isEqualTo(6);
    }
  }

  @Test
  void listenerPublisherAndFuture_hearOfTheEnd_andCountsOnlyGrow() throws Exception {
    try (Pipeline pipeline =
        pipeline(store(), Workflow.sequenceRun(List.of(adding("one"), adding("two"))))) {
      Run run = pipeline.submit(files(temp.resolve("in"), 20));
      List<RunStatus> heard = new CopyOnWriteArrayList<>();
      List<RunStatus> published = new CopyOnWriteArrayList<>();
      CompletableFuture<Boolean> completed = new CompletableFuture<>();
      run.progress().subscribe(collecting(published, completed));
      CompletableFuture<RunStatus> future = run.whenFinished().toCompletableFuture();

      RunStatus last = run.await(heard::add, PATIENCE);

      assertThat(last.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(heard).endsWith(last);
      assertThat(heard).extracting(RunStatus::done).isSorted();
      assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo(last);
      assertThat(completed.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(published).endsWith(last);
      assertThat(last.finished()).isPresent();
    }
  }

  private static Flow.Subscriber<RunStatus> collecting(
      List<RunStatus> sink, CompletableFuture<Boolean> completed) {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
      }

      @Override
      public void onNext(RunStatus status) {
        sink.add(status);
      }

      @Override
      public void onError(Throwable failure) {
        completed.completeExceptionally(failure);
      }

      @Override
      public void onComplete() {
        completed.complete(true);
      }
    };
  }

  @Test
  void status_countsRunningAndPending_andTailFollowsARunningJob() throws Exception {
    Path go = temp.resolve("go");
    Workflow workflow =
        Workflow.singleRun(
            shell("talk", "echo begin; " + waitFor(go) + "echo end; cp \"$1\" \"$2\""));
    try (Pipeline pipeline = pipeline(store(), workflow)) {
      Run run = pipeline.submit(files(temp.resolve("in"), 6));
      await().atMost(PATIENCE).until(() -> stage(run.status(), "talk").running() == 4);
      assertThat(stage(run.status(), "talk").pending()).isEqualTo(2);
      assertThat(run.await(RunListener.none(), Duration.ofMillis(1)).state())
          .isEqualTo(RunState.RUNNING);
      await().atMost(PATIENCE).until(() -> !runningLog(run).isEmpty());

      StringBuilder text = new StringBuilder();
      run.tail(
          runningJob(run),
          piece -> {
            text.append(piece);
            write(go, "");
          });

      assertThat(text).hasToString("begin\nend\n");
      succeed(run);
    }
  }

  private static String runningJob(Run run) {
    return Stream.of("f00.txt", "f01.txt", "f02.txt", "f03.txt", "f04.txt", "f05.txt")
        .filter(name -> run.log(name).startsWith("begin"))
        .findFirst()
        .orElse("");
  }

  private static String runningLog(Run run) {
    return runningJob(run);
  }

  @Test
  void download_damagedOutput_tellsWhich_andLeavesNothingHalf() throws Exception {
    try (Pipeline pipeline = pipeline(store(), Workflow.singleRun(adding("one")))) {
      Run run = pipeline.submit(files(temp.resolve("in"), 1));
      succeed(run);
      damage(run);

      assertThatThrownBy(() -> run.download(temp.resolve("out")))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("out.txt")
          .hasMessageContaining("damaged");
      assertThat(tree(temp.resolve("out"))).isEmpty();
    }
  }

  private void damage(Run run) throws Exception {
    try (Stream<Path> all = Files.walk(store().resolve("runs"))) {
      Path stored =
          all.filter(path -> path.endsWith("out.txt") && path.toString().contains(run.id()))
              .findFirst()
              .orElseThrow();
      stored.toFile().setWritable(true);
      Files.writeString(stored, "f00 0ne ");
    }
  }

  @Test
  void download_again_leavesEqualFiles_andRepairsOthers() throws Exception {
    try (Pipeline pipeline = pipeline(store(), Workflow.singleRun(adding("one")))) {
      Run run = pipeline.submit(files(temp.resolve("in"), 2));
      succeed(run);
      Path out = temp.resolve("out");
      run.download(out);
      FileTime old = FileTime.fromMillis(1_000_000);
      Files.setLastModifiedTime(out.resolve("f00.txt/out.txt"), old);
      write(out.resolve("f01.txt/out.txt"), "changed");

      assertThat(run.download(out)).isEqualTo(2);
      assertThat(Files.getLastModifiedTime(out.resolve("f00.txt/out.txt"))).isEqualTo(old);
      assertThat(out.resolve("f01.txt/out.txt")).hasContent("f01 one ");
      assertThat(tree(store().resolve("results/" + run.id())))
          .containsEntry("f01.txt/out.txt", "f01 one ");
    }
  }
}
