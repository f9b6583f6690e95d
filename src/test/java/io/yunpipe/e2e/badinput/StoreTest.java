package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.Input;
import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.Resources;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is in the way, damaged, or shared by programs that disagree. */
@Timeout(60)
class StoreTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.input("a", "1");
    lab.input("b", "2");
  }

  private static Algorithm copy() {
    return Algorithm.command("copy", "cp $input $output");
  }

  @Test
  void storeFolder_thatIsAFile_isNamed() {
    Lab.write(lab.store, "in the way");
    String message =
        "Could not open the store "
            + lab.store
            + ": it is not a folder. Name a folder, or one that does not exist yet.";
    assertThatThrownBy(() -> lab.pipeline().stage(copy()).build())
        .isInstanceOf(BackendException.class)
        .hasMessage(message);
    Path conf = lab.conf("algorithms { copy = \"cp $input $output\" }");
    assertThat(lab.cli("run", conf, lab.inputs))
        .isEqualTo(new Cli(3, "", "yunpipe: " + message + "\n"));
    assertThat(lab.cli("runs").code()).isEqualTo(3);
    assertThat(lab.store).hasContent("in the way");
  }

  private List<Path> files(String below, String part) throws IOException {
    try (Stream<Path> tree = Files.walk(lab.store.resolve(below))) {
      return tree.filter(file -> Files.isRegularFile(file) && file.toString().contains(part))
          .toList();
    }
  }

  /** A program that is killed while it writes leaves half a line. */
  @Test
  void markersCutShort_countAsNotWritten_andTheJobRunsAgain() throws Exception {
    Run run;
    try (Pipeline pipeline = lab.pipeline().stage(copy()).build()) {
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 2, 0);
    }
    List<Path> markers = files("runs", "/done/");
    assertThat(markers).isNotEmpty();
    for (Path file : markers) {
      Files.writeString(file, "half a li", StandardOpenOption.APPEND);
    }
    try (Pipeline pipeline = lab.pipeline().stage(copy()).build()) {
      Run again = pipeline.attach(run.id());
      Lab.assertCounts(again.status(), 2, 0);
      assertThat(lab.download(again)).containsExactly(entry("a/a", "1"), entry("b/b", "2"));
    }
  }

  @Test
  void queueFiles_thatAreDamaged_loseNoJob() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    Run run;
    // A pipeline that is closed before its jobs end leaves them in the queue.
    PipelineBuilder definition =
        lab.pipeline()
            .stage(
                Algorithm.function(
                    "wait",
                    (in, out) -> {
                      mayEnd.await();
                      out.write("copy", in.bytes());
                    }));
    try (Pipeline pipeline = definition.build()) {
      run = pipeline.submit(lab.inputs);
    }
    List<Path> logs = files("queues", ".log");
    assertThat(logs).isNotEmpty();
    for (Path log : logs) {
      Files.write(log, new byte[] {1, 2, 3, 4, 5, 6, 7});
    }
    mayEnd.countDown();
    try (Pipeline pipeline = definition.build()) {
      Run again = pipeline.attach(run.id());
      assertThatThrownBy(() -> Lab.finish(again))
          .isInstanceOf(BackendException.class)
          .hasMessageMatching(
              "The queue's file .*\\.log is damaged at byte 0: a record that was stored is unreadable\\."
                  + " Nothing was changed\\. Restore the folder from a backup, or delete it: a run that is"
                  + " not finished sends its missing jobs again\\.");
    }
    // As the message says.
    for (Path log : logs) {
      Files.deleteIfExists(log);
    }
    try (Pipeline pipeline = definition.build()) {
      Run again = pipeline.attach(run.id());
      Lab.assertCounts(Lab.finish(again), 2, 0);
      assertThat(lab.download(again)).containsExactly(entry("a/copy", "1"), entry("b/copy", "2"));
    }
  }

  @Test
  void twoDefinitions_ofOneName_runTheirOwnJobsOnly() throws Exception {
    PipelineBuilder upper =
        lab.pipeline()
            .name("shared")
            .stage(
                Algorithm.command(
                    "turn", "sh -c 'tr a-z A-Z <\"$1\" >\"$2/out\"' turn $input $output"));
    PipelineBuilder function =
        lab.pipeline()
            .name("shared")
            .addStage(
                io.yunpipe.Stage.builder(
                        "turn",
                        Algorithm.function(
                            "reverse",
                            (in, out) ->
                                out.write(
                                    "out",
                                    new StringBuilder(
                                            new String(in.bytes(), StandardCharsets.UTF_8))
                                        .reverse()
                                        .toString()
                                        .getBytes(StandardCharsets.UTF_8))))
                    .build());
    try (Pipeline one = upper.build();
        Pipeline other = function.build()) {
      List<Input> inputs =
          Stream.iterate(0, i -> i + 1).limit(6).map(i -> Input.text("f" + i, "abc")).toList();
      Run first = one.submit(Inputs.of(inputs.iterator()));
      Run second = other.submit(Inputs.of(inputs.iterator()));
      Lab.assertCounts(Lab.finish(first), 6, 0);
      Lab.assertCounts(Lab.finish(second), 6, 0);
      first.download(folder.resolve("first"));
      second.download(folder.resolve("second"));
    }
    assertThat(Lab.texts(folder.resolve("first")).values()).hasSize(6).containsOnly("ABC");
    assertThat(Lab.texts(folder.resolve("second")).values()).hasSize(6).containsOnly("cba");
  }

  @Test
  void stage_thatAsksForMoreThanTheMachineHas_isRefusedBeforeAnythingBegins() {
    long memory = 1L << 30;
    Algorithm greedy = copy().toBuilder().resources(Resources.of(1, memory)).build();
    try (Pipeline pipeline =
        lab.pipeline()
            .putSetting("yunpipe.local.cpus", "2")
            .putSetting("yunpipe.local.memory-mib", "1000")
            .stage(greedy)
            .build()) {
      assertThatThrownBy(() -> pipeline.submit(lab.inputs))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "Stage copy needs 1.0 cores, 1073741824 MiB of memory and 0 GPUs for each job; jobs on this"
                  + " machine may take 2.0 cores, 1000 MiB and no GPU. Ask for less, raise"
                  + " yunpipe.local.cpus or memory-mib, or use another machine.");
      assertThat(pipeline.runs()).isEmpty();
    }
    lab.assertNothingBegun();
    Path conf =
        lab.conf(
            "algorithms { copy { command = \"cp $input $output\", resources { memory = 1 PiB } } }");
    Cli cli = lab.cli("run", conf, lab.inputs);
    assertThat(cli.err())
        .startsWith("yunpipe: Stage copy needs 1.0 cores, 1073741824 MiB")
        .hasLineCount(1);
    assertThat(cli.code()).isEqualTo(3);
    lab.assertNothingBegun();
  }

  @Test
  void image_withoutAnEngine_failsEachJobWithTheRemedy() throws Exception {
    String reason =
        "no container engine: install docker or podman and start it (/no/such/docker: not installed)";
    Run run;
    try (Pipeline pipeline =
        lab.pipeline()
            .putSetting("yunpipe.local.container-engine", "/no/such/docker")
            .stage(Algorithm.image("boxed", "busybox", "cp $input $output"))
            .build()) {
      run = pipeline.submit(lab.inputs);
      assertThat(Lab.finish(run).state()).isEqualTo(RunState.FAILED);
      assertThat(Lab.reasons(run)).containsOnly(entry("a", reason), entry("b", reason));
    }
    lab.assertWhole(run, Map.of());
    Path conf =
        lab.conf("algorithms { boxed { image = busybox, command = \"cp $input $output\" } }");
    Cli cli = lab.cli("run", conf, lab.inputs, "-Dyunpipe.local.container-engine=/no/such/docker");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("2 of 2 jobs failed:\n", reason);
  }
}
