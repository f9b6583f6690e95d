package io.yunpipe.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunpipe.spi.Content;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prints what the directory store costs: {@code java … io.yunpipe.local.StoreBenchmark FOLDER}.
 * Each figure is the median of five rounds, after one that is not counted.
 */
final class StoreBenchmark {
  private static final int ROUNDS = 5;
  private static final byte[] MARKER =
      """
      {"v":1,"job":"5f1c","status":"SUCCEEDED","attempt":"a1","outputs":[{"name":"x.png",\
      "key":"runs/ab/run/out/edges/5f1c/a1/x.png","size":123456,"sha256":"%s"}],"started":"2026-11-21T\
      10:00:00.000Z","ended":"2026-11-21T10:00:01.000Z","children":{"edges-overlay":1}}"""
          .formatted("0".repeat(64))
          .getBytes(UTF_8);

  private static int counter;

  private StoreBenchmark() {}

  private interface Round {
    void run(DirectoryObjectStore store, int n) throws IOException;
  }

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    System.out.printf("%-44s %10s %10s%n", "per operation, in µs", "wall", "CPU");
    for (boolean fsync : new boolean[] {false, true}) {
      String mode = fsync ? ", fsync" : "";
      int few = fsync ? 100 : 8000;
      for (int batch : new int[] {1, 8, 64}) {
        measure(
            folder,
            fsync,
            "marker, batches of " + batch + mode,
            few * (batch == 64 ? 4 : 1),
            batch(batch));
      }
      measure(folder, fsync, "small file put + alias" + mode, few / 4, StoreBenchmark::putAndAlias);
      measure(folder, fsync, "small file put" + mode, few / 4, StoreBenchmark::put);
      measure(folder, fsync, "small file put by moving" + mode, few / 4, StoreBenchmark::move);
      measure(folder, fsync, "small file putIfAbsent" + mode, few / 4, StoreBenchmark::create);
      measure(folder, fsync, "marker read" + mode, few, StoreBenchmark::readMarker);
      measure(folder, fsync, "marker count of a shard" + mode, few, StoreBenchmark::count);
    }
  }

  private static Round batch(int size) {
    return (store, n) -> {
      String run = "runs/ab/run" + counter++;
      for (int i = 0; i < n; i += size) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (int j = i; j < i + size; j++) {
          contents.put(run + "/done/edges/%04d/%032x".formatted(j / 800, j), MARKER);
        }
        store.putAllIfAbsent(contents);
      }
    };
  }

  private static void putAndAlias(DirectoryObjectStore store, int n) {
    int round = counter++;
    for (int i = 0; i < n; i++) {
      String key = "runs/ab/run/out/edges/" + round + "-" + i + "/a1/x.png";
      store.put(key, Content.of(MARKER));
      store.alias(key, "results/run/" + round + "/" + i + ".png");
    }
  }

  private static void put(DirectoryObjectStore store, int n) {
    int round = counter++;
    for (int i = 0; i < n; i++) {
      store.put("runs/ab/run/out/edges/" + round + "-" + i + "/a1/x.png", Content.of(MARKER));
    }
  }

  private static void move(DirectoryObjectStore store, int n) throws IOException {
    Path root = Path.of(System.getProperty("java.io.tmpdir"));
    int round = counter++;
    Path scratch = Files.createTempDirectory(root, ".scratch");
    for (int i = 0; i < n; i++) {
      Path file = Files.write(scratch.resolve("f" + i), MARKER);
      store.put("runs/ab/run/out/edges/" + round + "-" + i + "/a1/x.png", Content.moving(file));
    }
  }

  private static void create(DirectoryObjectStore store, int n) {
    int round = counter++;
    for (int i = 0; i < n; i++) {
      store.putIfAbsent("runs/ab/run/sdone/edges/" + round + "-" + i, Content.of(MARKER));
    }
  }

  private static void readMarker(DirectoryObjectStore store, int n) {
    for (int i = 0; i < n; i++) {
      store.read("runs/ab/run0/done/edges/0000/%032x".formatted(i % 90));
    }
  }

  private static void count(DirectoryObjectStore store, int n) {
    for (int i = 0; i < n; i++) {
      store.count("runs/ab/run0/done/edges/0000/");
    }
  }

  private static void measure(Path folder, boolean fsync, String what, int n, Round round)
      throws IOException {
    double[] wall = new double[ROUNDS];
    double[] cpu = new double[ROUNDS];
    try (DirectoryObjectStore store = new DirectoryObjectStore(folder, fsync)) {
      round.run(store, n);
      for (int i = 0; i < ROUNDS; i++) {
        long started = System.nanoTime();
        long used = cpuNanos();
        round.run(store, n);
        wall[i] = (System.nanoTime() - started) / 1e3 / n;
        cpu[i] = (cpuNanos() - used) / 1e3 / n;
      }
    }
    Arrays.sort(wall);
    Arrays.sort(cpu);
    System.out.printf("%-44s %10.1f %10.1f%n", what, wall[ROUNDS / 2], cpu[ROUNDS / 2]);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
