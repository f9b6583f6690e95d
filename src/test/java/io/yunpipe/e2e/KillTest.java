package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.stage;
import static io.yunpipe.e2e.Local.tree;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that are killed at random moments, also while they submit, and programs that share a
 * run. {@code -Dyunpipe.kills=200} makes it long, {@code -Dyunpipe.seed=n} repeats one.
 */
class KillTest {
  private static final int INPUTS = 250;

  @TempDir Path temp;

  private Map<String, String> inputs() {
    Map<String, String> expected = new TreeMap<>();
    StringBuilder gathered = new StringBuilder();
    for (int i = 0; i < INPUTS; i++) {
      String name = "d%d/x%03d".formatted(i % 7, i);
      write(temp.resolve("in").resolve(name), "input " + i + "\n");
      expected.put("second/" + name + "/o", "input " + i + "\none\ntwo\n");
    }
    expected.forEach(
        (path, text) ->
            gathered.append(path.substring("second/".length())).append('=').append(text));
    expected.put("third/all", gathered.toString());
    return expected;
  }

  private Program start(int commands) throws Exception {
    return Program.start(
        temp.resolve("log"),
        ThreeStages.class,
        temp.resolve("store").toString(),
        temp.resolve("in").toString(),
        String.valueOf(commands));
  }

  /** Nothing is lost, and every job has one marker. */
  private void assertComplete(Map<String, String> expected) throws Exception {
    try (Pipeline pipeline = ThreeStages.pipeline(temp.resolve("store"), 1)) {
      List<RunStatus> runs = pipeline.runs();
      assertThat(runs).as("runs").hasSize(1);
      Run run = pipeline.attach(runs.get(0).runId());
      RunStatus status = run.status();
      assertThat(status.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(stage(status, "first").succeeded()).isEqualTo(INPUTS);
      assertThat(stage(status, "second").succeeded()).isEqualTo(INPUTS);
      assertThat(stage(status, "third").succeeded()).isEqualTo(1);
      try (Stream<JobResult> results = run.results()) {
        Map<String, Long> markers =
            results.collect(
                Collectors.groupingBy(
                    result -> result.stage() + "/" + result.input(), Collectors.counting()));
        assertThat(markers)
            .hasSize(INPUTS + 1)
            .allSatisfy((job, count) -> assertThat(count).isOne());
      }
      run.download(temp.resolve("out"));
      assertThat(tree(temp.resolve("out"))).isEqualTo(expected);
      assertThat(tree(temp.resolve("store/results/" + run.id()))).isEqualTo(expected);
    }
  }

  @Test
  void killedAtRandomMoments_anotherProgramGoesOn_nothingIsLostOrTwice() throws Exception {
    int kills = Integer.getInteger("yunpipe.kills", 10);
    long seed = Long.getLong("yunpipe.seed", 20_260_101L);
    Random random = new Random(seed);
    Map<String, String> expected = inputs();
    int done = 0;
    int finished = 0;
    while (done < kills || finished == 0) {
      try (Program program = start(1)) {
        // The start of a JVM takes most of the shortest; the longest lets a good part of the run be
        // done.
        long millis = done < kills ? 250 + random.nextInt(1200) : 120_000;
        if (program.process().waitFor(millis, TimeUnit.MILLISECONDS)) {
          assertThat(program.process().exitValue())
              .as("seed %d: %s", seed, program.text())
              .isZero();
          assertComplete(expected);
          finished++;
          if (done < kills) {
            Trees.delete(temp.resolve("store"));
            Trees.delete(temp.resolve("out"));
          }
        } else {
          assertThat(done)
              .as("killed %d of %d, seed %d: %s", done, kills, seed, program.text())
              .isLessThan(kills);
          program.kill();
          done++;
        }
      }
    }
  }

  @Test
  void twoPrograms_onOneRun_commitEveryJobOnce() throws Exception {
    Map<String, String> expected = inputs();
    try (Program first = start(1)) {
      Awaitility.await().atMost(Local.PATIENCE).until(this::indexed);
      try (Program second = start(1)) {
        assertThat(first.await(100)).as(first.text()).isZero();
        assertThat(second.await(100)).as(second.text()).isZero();
      }
    }
    assertComplete(expected);
  }

  private boolean indexed() {
    try (Pipeline pipeline = ThreeStages.pipeline(temp.resolve("store"), 1)) {
      return !pipeline.runs().isEmpty();
    }
  }
}
