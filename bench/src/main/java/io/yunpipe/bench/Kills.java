package io.yunpipe.bench;

import io.yunpipe.Algorithm;
import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills a program that works on a run of 500 jobs with SIGKILL at random moments, again and again,
 * and lets a new one go on: nothing may be lost and nothing committed twice.
 */
final class Kills {
  private static final int JOBS = 500;

  private final Path folder;
  private final int kills;
  private final Random random = new Random(1);

  Kills(Path folder, int kills) {
    this.folder = folder;
    this.kills = kills;
  }

  void run() throws IOException, InterruptedException {
    int killed = 0;
    int runs = 0;
    List<Double> resumes = new ArrayList<>();
    while (killed < kills) {
      Path store = folder.resolve("kills-" + runs);
      Path inputs = Files.createDirectories(folder.resolve("in-" + runs));
      for (int i = 0; i < JOBS; i++) {
        Files.writeString(inputs.resolve("f" + i), "input " + i + "\n".repeat(600));
      }
      runs++;
      boolean finished = false;
      while (!finished) {
        Process worker = start(store, inputs);
        long limit = killed < kills ? 300 + random.nextInt(2500) : TimeUnit.MINUTES.toMillis(5);
        finished = worker.waitFor(limit, TimeUnit.MILLISECONDS);
        if (!finished) {
          worker.destroyForcibly().waitFor();
          killed++;
        }
      }
      resumes.addAll(resumeTimes(store));
      verify(store);
    }
    Measured.print(
        "%d kills over %d runs of %d jobs: nothing lost, nothing committed twice",
        killed, runs, JOBS);
    Measured.print(
        "time from the start of the new program to its first commit, median: %.2f s (of %d)",
        Measured.median(resumes), resumes.size());
  }

  private Process start(Path store, Path inputs) throws IOException {
    return new ProcessBuilder(
            Measured.java(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Worker.class,
                store.toString(),
                inputs.toString()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private static List<Double> resumeTimes(Path store) throws IOException {
    List<Double> times = new ArrayList<>();
    Path file = store.resolveSibling(store.getFileName() + ".resumed");
    if (Files.exists(file)) {
      Files.readAllLines(file).forEach(line -> times.add(Double.parseDouble(line)));
    }
    return times;
  }

  private static void verify(Path store) throws IOException {
    try (Pipeline pipeline = Worker.pipeline(store)) {
      RunStatus status = pipeline.runs().get(0);
      Set<String> seen = new HashSet<>();
      try (Stream<JobResult> results = pipeline.attach(status.runId()).results()) {
        results.forEach(
            result -> {
              if (!seen.add(result.jobId())) {
                throw new IllegalStateException("committed twice: " + result.jobId());
              }
              result.files().forEach(file -> file.read(0, 1));
            });
      }
      if (status.state() != RunState.SUCCEEDED || seen.size() != JOBS) {
        throw new IllegalStateException("lost: " + seen.size() + " results, " + status);
      }
    }
    Bench.delete(store);
  }

  /** The program that is killed: submits, or goes on with the run that is there. */
  static final class Worker {
    private Worker() {}

    static Pipeline pipeline(Path store) {
      return Pipeline.builder()
          .name("kills")
          .workflow(
              Workflow.of(
                  List.of(
                      Stage.builder(Algorithm.command("copy", "cp $input $output/c")).build(),
                      Stage.builder(
                              Algorithm.function("last", (in, out) -> out.write("l", in.bytes())))
                          .after("copy")
                          .build())))
          .putSetting("yunpipe.local.directory", store.toString())
          .build();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
      Path store = Path.of(args[0]);
      long start = System.nanoTime();
      try (Pipeline pipeline = pipeline(store)) {
        List<RunStatus> runs = pipeline.runs();
        if (runs.isEmpty()) {
          pipeline.submit(Path.of(args[1])).await();
          return;
        }
        Run run = pipeline.attach(runs.get(0).runId());
        long before = runs.get(0).done();
        boolean[] told = new boolean[1];
        run.await(
            status -> {
              if (!told[0] && status.done() > before) {
                told[0] = true;
                note(store, (System.nanoTime() - start) / 1e9);
              }
            });
      }
    }

    private static void note(Path store, double seconds) {
      try {
        Files.writeString(
            store.resolveSibling(store.getFileName() + ".resumed"),
            seconds + "\n",
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
