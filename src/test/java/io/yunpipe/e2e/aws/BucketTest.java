package io.yunpipe.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.testkit.emulator.Child;
import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that a foreign client puts into a bucket come out processed: S3 events reach the router
 * over SQS, workers are processes of their own, and this program only looks. {@code
 * -Dyunpipe.seed=n} repeats a run of kills.
 */
class BucketTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> ODD =
      List.of("a b.txt", "a+b.txt", "a%2Bb.txt", "ü/日本.txt", "x&y=z;'\"(!).txt", "~tilde,:@$.txt");

  @TempDir Path folder;

  private Moto moto;
  private Site site;
  private final List<Child> children = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    moto = Moto.start(folder);
    site = new Site(moto, folder);
  }

  @AfterEach
  void stop() throws Exception {
    for (Child child : children) {
      child.close();
    }
    if (moto != null) {
      moto.close();
    }
  }

  private Child started(Child child) {
    children.add(child);
    return child;
  }

  @Test
  void filesOfAnotherClient_withOddNames_comeOutProcessed() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (String name : ODD) {
      expected.put(name + "/out.txt", input(name, expected.size()));
    }
    Files.createFile(folder.resolve("in/empty.txt"));
    expected.put("empty.txt/out.txt", "");
    try (Pipeline pipeline = site.open(0)) {
      pipeline.init();
      started(site.router());
      started(site.worker("120s"));
      moto.aws("s3", "cp", "--recursive", folder.resolve("in").toString(), inbox("monday"));
      complete("monday");
      Run run = awaited(pipeline, 1).get(0);
      check(run, expected);
    }
    assertForeignClientSees("out.txt", expected.size());
  }

  @Test
  void workersKilledTwentyTimes_thenAskedToEnd_everyInputHasOneResult() throws Exception {
    long seed = Long.getLong("yunpipe.seed", 20_261_122L);
    int kills = Integer.getInteger("yunpipe.kills", 20);
    Random random = new Random(seed);
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 200; i++) {
      String name = "d" + i % 3 + "/f%03d.txt".formatted(i);
      expected.put(name + "/out.txt", input(name, i));
    }
    try (Pipeline pipeline = site.open(0.3)) {
      pipeline.init();
      started(site.router());
      List<Child> workers = new ArrayList<>();
      workers.add(started(site.worker("300s")));
      workers.add(started(site.worker("300s")));
      moto.aws("s3", "cp", "--recursive", folder.resolve("in").toString(), inbox("kills"));
      complete("kills");
      for (int kill = 0; kill < kills; kill++) {
        Child victim = workers.remove(random.nextInt(2));
        long millis = 500L + random.nextInt(1500);
        Awaitility.await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
        victim.kill();
        workers.add(started(site.worker("300s")));
      }
      Run run = awaited(pipeline, 1).get(0);
      check(run, expected);
      for (Child worker : workers) {
        worker.terminate();
        assertThat(worker.exit(30)).as("seed %d: %s", seed, worker.text()).isZero();
      }
    }
  }

  @Test
  void runOfOneProgram_isWatchedCancelledAndRetriedByAnother() throws Exception {
    for (int i = 0; i < 30; i++) {
      input("f%02d.txt".formatted(i), i);
    }
    String id;
    try (Pipeline submitter = site.open(0.5)) {
      submitter.init();
      id = submitter.submit(folder.resolve("in")).id();
    }
    Child worker = started(site.worker("300s"));
    try (Pipeline other = site.open(0.5)) {
      Run run = other.attach(id);
      Awaitility.await().atMost(PATIENCE).until(() -> run.status().done() > 2);
      run.cancel();
      RunStatus cancelled = run.await(RunListener.none(), PATIENCE);
      assertThat(cancelled.state()).isEqualTo(RunState.CANCELLED);
      assertThat(worker.alive()).as(worker.text()).isTrue();
    }
  }

  /** Makes a file; returns what its result will be. */
  private String input(String name, int number) throws IOException {
    Path file = folder.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "text of " + number + "\n");
    return "TEXT OF " + number + "\n";
  }

  private static String inbox(String batch) {
    return "s3://" + Site.BUCKET + "/inbox/" + Site.PIPELINE + "/" + batch + "/";
  }

  /** Says that nothing more comes, as any client can. */
  private void complete(String batch) throws IOException, InterruptedException {
    Path nothing = Files.writeString(folder.resolve("complete"), "");
    moto.aws("s3", "cp", nothing.toString(), inbox(batch) + ".complete");
  }

  private List<Run> awaited(Pipeline pipeline, int count) throws InterruptedException {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              List<RunStatus> runs = pipeline.runs();
              assertThat(runs).as(logs()).hasSize(count);
              assertThat(runs).as(logs()).allMatch(run -> run.state().finished());
            });
    return pipeline.runs().stream().map(status -> pipeline.attach(status.runId())).toList();
  }

  private String logs() {
    String all = children.stream().map(Child::text).distinct().collect(Collectors.joining("\n"));
    return all.substring(Math.max(0, all.length() - 4000));
  }

  private void check(Run run, Map<String, String> expected) throws IOException {
    assertThat(run.status().state())
        .as("%s %s", run.failed(), logs())
        .isEqualTo(RunState.SUCCEEDED);
    try (Stream<JobResult> results = run.results()) {
      Map<String, Long> markers =
          results.collect(Collectors.groupingBy(JobResult::input, Collectors.counting()));
      assertThat(markers).hasSize(expected.size()).allSatisfy((job, n) -> assertThat(n).isOne());
    }
    run.download(folder.resolve("results"));
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("results"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(folder.resolve("results").relativize(file).toString(), Files.readString(file));
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  private void assertForeignClientSees(String name, int count)
      throws IOException, InterruptedException {
    String listed = moto.aws("s3", "ls", "--recursive", "s3://" + Site.BUCKET + "/runs/");
    assertThat(listed.lines().filter(line -> line.endsWith("/" + name))).hasSize(count);
  }
}
