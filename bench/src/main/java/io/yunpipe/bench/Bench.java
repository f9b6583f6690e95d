package io.yunpipe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The measurements that docs/benchmarks.md quotes: {@code overhead [JOBS] [ROUNDS]}, {@code
 * functions}, {@code start}, {@code million}, {@code queue}, {@code transfers}, {@code worker},
 * {@code container}, {@code wrap} and {@code kills}. Commands that are compared take turns; medians
 * are reported.
 */
public final class Bench {
  private static final List<String> SMALL =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");
  private static final List<String> VFORK = List.of("-Djdk.lang.Process.launchMechanism=VFORK");

  private final Path folder;
  private final Path log;
  private int folders;

  private Bench(Path folder) {
    this.folder = folder;
    this.log = folder.resolve("log");
  }

  /** Runs one measurement. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String what = args.length == 0 ? "" : args[0];
    int first = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    int second = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Path folder = Files.createTempDirectory("yunpipe-bench-");
    try {
      Bench bench = new Bench(folder);
      switch (what) {
        case "overhead" -> bench.overhead(first > 0 ? first : 1000, second > 0 ? second : 3);
        case "functions" -> bench.functions(second > 0 ? second : 3);
        case "start" -> bench.start(first > 0 ? first : 9);
        case "million" -> bench.million(first > 0 ? first : 1_000_000);
        case "queue" -> new Queues(folder).run(first > 0 ? first : 1_000_000);
        case "transfers" ->
            new Transfers(folder, first > 0 ? first : 3).run(second != 2, second != 1);
        case "worker" -> new WorkerStarts(folder, first > 0 ? first : 9).run();
        case "container" -> new ContainerStarts(folder, first > 0 ? first : 9).run();
        case "wrap" -> new WrapCosts(folder, first > 0 ? first : 3).run();
        case "kills" -> new Kills(folder, first > 0 ? first : 200).run();
        default -> {
          System.err.println(
              "usage: overhead [JOBS] [ROUNDS] | functions | start | million | queue | transfers [ROUNDS] | worker | container | wrap | kills"
                  + " [N]");
          System.exit(2);
        }
      }
    } finally {
      delete(folder);
    }
  }

  /** CPU per job of {@code true}, less what one job costs, against a bare JVM that spawns. */
  private void overhead(int jobs, int rounds) throws IOException, InterruptedException {
    List<String> small = new ArrayList<>(SMALL);
    small.addAll(VFORK);
    Map<String, Peers.Task> tasks = new LinkedHashMap<>();
    tasks.put("bare JVM spawn", (place, n) -> Measured.java(small, Spawn.class, "" + n));
    tasks.put(
        "yunpipe",
        (place, n) -> Measured.java(small, Workload.class, "true", "" + n, place + "/s"));
    tasks.putAll(Peers.found());
    Map<String, List<Double>> costs = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Peers.Task> task : tasks.entrySet()) {
        boolean slow = List.of("snakemake", "cwltool", "nextflow").contains(task.getKey());
        int n = slow ? Math.min(jobs, 200) : jobs;
        double one = measure(task.getValue(), 1).cpuSeconds();
        double many = measure(task.getValue(), n).cpuSeconds();
        costs
            .computeIfAbsent(task.getKey(), any -> new ArrayList<>())
            .add((many - one) / (n - 1) * 1000);
      }
    }
    double floor = Measured.median(costs.getOrDefault("bare JVM spawn", List.of(1.0)));
    Measured.print(
        "%d jobs of `true`, median of %d rounds, CPU per job with its process", jobs, rounds);
    costs.forEach(
        (name, values) ->
            Measured.print(
                "%-16s %8.2f ms  %6.2f x",
                name, Measured.median(values), Measured.median(values) / floor));
  }

  private Measured measure(Peers.Task task, int jobs) throws IOException, InterruptedException {
    Path place = Files.createDirectory(folder.resolve("f" + folders++));
    Measured measured = Measured.run(task.command(place, jobs), place, log);
    if (measured.exit() != 0) {
      throw new IllegalStateException("a command failed: " + Files.readString(log));
    }
    delete(place);
    return measured;
  }

  /** CPU per call of a Java function that does nothing, by number of jobs. */
  private void functions(int rounds) throws IOException, InterruptedException {
    Measured.print("no-op Java function, durable, median of %d rounds, CPU per job", rounds);
    for (int jobs : new int[] {1_000, 10_000, 100_000}) {
      Measured.print("%,9d jobs %8.3f ms", jobs, functionCost(jobs, rounds));
    }
  }

  /** The whole run less a run of one job, so that the start of the JVM is not counted. */
  private double functionCost(int jobs, int rounds) throws IOException, InterruptedException {
    List<Double> costs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Peers.Task task =
          (place, n) -> Measured.java(SMALL, Workload.class, "noop", "" + n, place + "/s");
      double one = measure(task, 1).cpuSeconds();
      costs.add((measure(task, jobs).cpuSeconds() - one) / (jobs - 1) * 1000);
    }
    return Measured.median(costs);
  }

  /** CPU and wall from the start of a JVM to the end of one job of {@code true}. */
  private void start(int rounds) throws IOException, InterruptedException {
    List<Double> cpu = new ArrayList<>();
    List<Double> wall = new ArrayList<>();
    List<String> options = new ArrayList<>(SMALL);
    options.addAll(VFORK);
    Path archive = folder.resolve("classes.jsa");
    List<String> making = new ArrayList<>(options);
    making.add("-XX:ArchiveClassesAtExit=" + archive);
    Peers.Task archiving =
        (place, n) -> Measured.java(making, Workload.class, "true", "1", place + "/s");
    measure(archiving, 1);
    options.add("-XX:SharedArchiveFile=" + archive);
    for (int round = 0; round < rounds; round++) {
      Peers.Task task =
          (place, n) -> Measured.java(options, Workload.class, "true", "1", place + "/s");
      Measured measured = measure(task, 1);
      cpu.add(measured.cpuSeconds());
      wall.add(measured.wallSeconds());
    }
    Measured.print(
        "start to end of a run of one job, class-data archive, median of %d: CPU %.2f s, wall %.2f s",
        rounds, Measured.median(cpu), Measured.median(wall));
  }

  /** A million inputs in a small heap, and whether the cost per job stays. */
  private void million(int jobs) throws IOException, InterruptedException {
    double small = functionCost(1_000, 3);
    double hundred = functionCost(100_000, 1);
    double large = functionCost(jobs, 1);
    Measured.print("no-op Java function in a heap of 256 MB, CPU per job");
    Measured.print("    1,000 jobs %8.3f ms", small);
    Measured.print("  100,000 jobs %8.3f ms", hundred);
    Measured.print(
        "%,9d jobs %8.3f ms  %.2f x of 1,000, %.2f x of 100,000",
        jobs, large, large / small, large / hundred);
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
