package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.adding;
import static io.yunpipe.e2e.Local.files;
import static io.yunpipe.e2e.Local.pipeline;
import static io.yunpipe.e2e.Local.shell;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.Plan;
import io.yunpipe.Plan.PlannedStage;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Trial;
import io.yunpipe.Workflow;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {
  @TempDir Path temp;

  private Pipeline one() {
    return pipeline(temp.resolve("store"), Workflow.singleRun(adding("one")));
  }

  private Map<String, String> results(Run run) throws InterruptedException {
    succeed(run);
    run.download(temp.resolve("out"));
    return tree(temp.resolve("out"));
  }

  @Test
  void files_areNamedRelativeToTheirDeepestFolder() throws Exception {
    Path a = write(temp.resolve("in/a/x"), "a ");
    Path b = write(temp.resolve("in/b/x"), "b ");
    try (Pipeline pipeline = one()) {
      assertThat(results(pipeline.submit(a, b)))
          .isEqualTo(Map.of("a/x/out.txt", "a one ", "b/x/out.txt", "b one "));
    }
  }

  @Test
  void glob_takesWhatMatches() throws Exception {
    write(temp.resolve("in/a/x.png"), "a ");
    write(temp.resolve("in/b/x.txt"), "b ");
    try (Pipeline pipeline = one()) {
      assertThat(results(pipeline.submit(temp.resolve("in/**.png"))))
          .isEqualTo(Map.of("a/x.png/out.txt", "a one "));
    }
  }

  @Test
  void zip_makesAJobOfEachEntry() throws Exception {
    Path zip = temp.resolve("in.zip");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (String name : List.of("p/a.txt", "b.txt")) {
        out.putNextEntry(new ZipEntry(name));
        out.write((name + " ").getBytes(StandardCharsets.UTF_8));
      }
    }
    try (Pipeline pipeline = one()) {
      assertThat(results(pipeline.submit(zip)))
          .isEqualTo(Map.of("p/a.txt/out.txt", "p/a.txt one ", "b.txt/out.txt", "b.txt one "));
    }
  }

  @Test
  void stream_takesFilesAndTexts_ofAnyNumber() throws Exception {
    Path file = write(temp.resolve("f"), "file ");
    Stream<Input> inputs =
        Stream.concat(
            Stream.of(Input.of("named/f", file)),
            IntStream.range(0, 30).mapToObj(n -> Input.text("t/" + n, n + " ")));
    try (Pipeline pipeline = one()) {
      assertThat(results(pipeline.submit(Inputs.of(inputs))))
          .hasSize(31)
          .containsEntry("named/f/out.txt", "file one ")
          .containsEntry("t/29/out.txt", "29 one ");
    }
  }

  @Test
  void emptyInput_isRefused_andLeavesNoRun() {
    write(temp.resolve("in/.hidden"), "");
    try (Pipeline pipeline = one()) {
      assertThatThrownBy(() -> pipeline.submit(temp.resolve("in")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no input");
      assertThat(pipeline.runs()).isEmpty();
    }
  }

  @Test
  void submitAsync_resultsAreSeen_beforeTheNextInputIsThere() throws Exception {
    CountDownLatch firstSeen = new CountDownLatch(1);
    Iterator<Input> inputs =
        new Iterator<>() {
          private int given;

          @Override
          public boolean hasNext() {
            return given < 3;
          }

          @Override
          public Input next() {
            try {
              if (given == 1 && !firstSeen.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the first result was not seen in time");
              }
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return Input.text("i" + given, given++ + " ");
          }
        };
    try (Pipeline pipeline = one()) {
      Run run = pipeline.submitAsync(Inputs.of(inputs));
      try (Stream<JobResult> results = run.results()) {
        Iterator<JobResult> iterator = results.iterator();
        assertThat(iterator.next().input()).isEqualTo("i0");
        assertThat(run.status().state()).isEqualTo(RunState.SUBMITTING);
        firstSeen.countDown();
        assertThat(iterator)
            .toIterable()
            .extracting(JobResult::input)
            .containsExactlyInAnyOrder("i1", "i2");
      }
      assertThat(succeed(run).total()).isEqualTo(3);
    }
  }

  @Test
  void submitAsync_sourceFails_cancelsTheRunWithTheReason() throws Exception {
    Stream<Input> inputs =
        IntStream.range(0, 200)
            .mapToObj(
                n -> {
                  if (n == 150) {
                    throw new IllegalStateException("the camera is unplugged");
                  }
                  return Input.text("i" + n, "x");
                });
    try (Pipeline pipeline = one()) {
      Run run = pipeline.submitAsync(Inputs.of(inputs));
      RunStatus status = Local.finish(run);
      assertThat(status.state()).isEqualTo(RunState.CANCELLED);
      assertThat(status.reason().orElse("")).contains("the camera is unplugged");
    }
  }

  @Test
  void plan_countsAndStartsNothing() throws Exception {
    files(temp.resolve("in"), 3);
    Workflow workflow =
        Workflow.of(
            List.of(
                Stage.builder(adding("one")).build(),
                Stage.builder(adding("two")).after("one").scatter().build(),
                Stage.builder(adding("all")).after("two").gather().build()));
    Path store = temp.resolve("store");
    try (Pipeline pipeline = pipeline(store, workflow)) {
      Plan plan = pipeline.plan(temp.resolve("in"));

      assertThat(plan.inputs()).isEqualTo(3);
      assertThat(plan.bytes()).isEqualTo(12);
      assertThat(plan.problems()).isEmpty();
      assertThat(plan.stages()).extracting(PlannedStage::jobs).containsExactly(3L, -1L, 1L);
      assertThat(plan.stages().get(0).runs()).contains("sh -c");
      assertThat(pipeline.runs()).isEmpty();
      assertThat(tree(store)).doesNotContainValue("f00 ");
    }
  }

  @Test
  void functionsAndCommands_compose() throws Exception {
    Algorithm upper =
        Algorithm.function(
            "upper",
            (in, out) -> {
              out.log("read " + in.name());
              out.write(
                  "up.txt",
                  Local.read(in.path()).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            });
    try (Pipeline pipeline =
        pipeline(
            temp.resolve("store"),
            Workflow.sequenceRun(List.of(adding("one"), upper, adding("three"))))) {
      Run run = pipeline.submit(files(temp.resolve("in"), 5));
      assertThat(results(run)).hasSize(5).containsEntry("f03.txt/out.txt", "F03 ONE three ");
    }
  }

  @Test
  void failingFunction_tellsItsException() throws Exception {
    Algorithm failing =
        Algorithm.function(
            "failing",
            (in, out) -> {
              throw new IllegalArgumentException("no such colour");
            });
    try (Pipeline pipeline = pipeline(temp.resolve("store"), Workflow.singleRun(failing))) {
      Run run = pipeline.submit(Inputs.of(List.of(Input.text("a", "x")).iterator()));
      assertThat(Local.finish(run).state()).isEqualTo(RunState.FAILED);
      assertThat(run.failed())
          .singleElement()
          .satisfies(failure -> assertThat(failure.reason()).contains("no such colour"));
    }
  }

  @Test
  void tryOn_showsEverything() throws Exception {
    Path input = write(temp.resolve("a.txt"), "hello");
    Trial trial =
        shell("try", "echo said; echo wrong >&2; cat \"$1\" > \"$2/copy\"; exit 0").tryOn(input);

    assertThat(trial.succeeded()).isTrue();
    assertThat(trial.exitCode()).isZero();
    assertThat(trial.log()).contains("said", "wrong");
    assertThat(trial.outputs()).containsExactly("copy");
    assertThat(tree(trial.outputFolder())).isEqualTo(Map.of("copy", "hello"));
    assertThat(trial.argv()).startsWith("sh", "-c");
    assertThat(trial.environment()).containsKey("PATH").doesNotContainKey("USER");
    Trees.delete(trial.outputFolder());
  }
}
