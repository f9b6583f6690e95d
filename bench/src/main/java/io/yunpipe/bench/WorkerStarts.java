package io.yunpipe.bench;

import io.yunpipe.Algorithm;
import io.yunpipe.CleanUp;
import io.yunpipe.Pipeline;
import io.yunpipe.runner.WorkerMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a worker's process costs for one job with an input of 100 kB, from its start to its end,
 * beside a Python script with boto3 that makes the six calls that are needed at least. Ours also
 * reads the plan, commits, and completes the run.
 */
final class WorkerStarts {
  private static final String STAGE = "copy";
  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData", "-XX:CompileThresholdScaling=10");

  private final Path folder;
  private final int rounds;
  private final String pipeline;
  private final Path archive;

  private record Cost(List<Double> cpu, List<Double> wall, List<Double> memory) {
    Cost() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  WorkerStarts(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
    this.archive = folder.resolve("worker.jsa");
    this.pipeline = "bench-" + Long.toString(System.nanoTime(), 36);
  }

  void run() throws IOException, InterruptedException {
    Path input = Files.createDirectories(folder.resolve("input"));
    Files.write(input.resolve("file"), new byte[100_000]);
    Path script = folder.resolve("worker.py");
    try (InputStream in = WorkerStarts.class.getResourceAsStream("worker.py")) {
      Files.write(script, Objects.requireNonNull(in).readAllBytes());
    }
    try (Pipeline submitting = pipeline()) {
      submitting.submit(input);
      measure(new Cost(), worker(List.of("-XX:ArchiveClassesAtExit=" + archive)));
      Map<String, Cost> costs = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, List<String>> way : ways(script).entrySet()) {
          submitting.submit(input);
          measure(costs.computeIfAbsent(way.getKey(), any -> new Cost()), way.getValue());
        }
      }
      print(costs);
      submitting.cleanUp(CleanUp.Mode.EMPTY);
    }
  }

  private Pipeline pipeline() {
    return Pipeline.builder()
        .name(pipeline)
        .backend("aws")
        .putSetting("yunpipe.aws.bucket", S3Server.BUCKET)
        .putSetting("yunpipe.aws.endpoint", S3Server.ENDPOINT)
        .putSetting("yunpipe.aws.region", "us-east-1")
        .putSetting("yunpipe.aws.compute", "external")
        .stage(Algorithm.builder(STAGE).argv(List.of("cp", "$input", "$output")).build())
        .build();
  }

  private Map<String, List<String>> ways(Path script) {
    Map<String, List<String>> ways = new LinkedHashMap<>();
    ways.put(
        "boto3",
        List.of(
            "python3",
            script.toString(),
            "yunpipe-" + pipeline + "_" + STAGE,
            S3Server.BUCKET,
            S3Server.ENDPOINT));
    ways.put("yunpipe", worker(List.of()));
    ways.put(
        "yunpipe, archive", worker(List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto")));
    return ways;
  }

  private List<String> worker(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("YUNPIPE_PIPELINE=" + pipeline);
    command.add("YUNPIPE_STAGE=" + STAGE);
    command.add("YUNPIPE_AWS_BUCKET=" + S3Server.BUCKET);
    command.add("YUNPIPE_AWS_ENDPOINT=" + S3Server.ENDPOINT);
    command.add("YUNPIPE_AWS_REGION=us-east-1");
    command.add("YUNPIPE_IDLE=0s");
    command.add("YUNPIPE_USER=0");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), WorkerMain.class.getName()));
    return command;
  }

  /** A worker's image has no command line and none of its log. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .filter(entry -> !entry.contains("slf4j-jdk14"))
        .collect(Collectors.joining(":"));
  }

  private void measure(Cost cost, List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Path memory = folder.resolve("memory");
    Files.deleteIfExists(log);
    List<String> timed =
        new ArrayList<>(List.of("/usr/bin/time", "-f", "%M", "-o", memory.toString()));
    timed.addAll(command);
    Measured measured = Measured.run(timed, folder, log);
    String said = Files.readString(log);
    if (measured.exit() != 0 || said.contains("jobs=0")) {
      throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
    }
    cost.cpu().add(measured.cpuSeconds());
    cost.wall().add(measured.wallSeconds());
    cost.memory().add(Double.parseDouble(Files.readString(memory).strip()) / 1024);
  }

  private static void print(Map<String, Cost> costs) {
    Measured.print("one job of 100 kB from a worker's start to its end; x: ratio to boto3");
    Cost floor = costs.getOrDefault("boto3", new Cost());
    costs.forEach(
        (way, cost) -> {
          double cpu = Measured.median(cost.cpu());
          double wall = Measured.median(cost.wall());
          Measured.print(
              "%-17s CPU %5.2f s %5.2f x   wall %5.2f s %5.2f x   memory %4.0f MB",
              way,
              cpu,
              cpu / Measured.median(floor.cpu()),
              wall,
              wall / Measured.median(floor.wall()),
              Measured.median(cost.memory()));
        });
  }
}
