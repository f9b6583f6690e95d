package io.yunpipe.bench;

import io.yunpipe.Algorithm;
import io.yunpipe.internal.Backends;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Content;
import io.yunpipe.wrap.Wrapped;
import io.yunpipe.wrap.Wrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From the start of a container to the first byte that its algorithm writes: in an image, and in
 * the same image wrapped, where the worker takes the job from a queue and the input from a store
 * first. Both are a folder of this machine, so that no network is measured.
 */
final class ContainerStarts {
  private static final String BASE = "yunpipe-test/shell:1";
  private static final String STAGE = "first";
  private static final String SCRIPT = "echo > /first/byte";
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final Path folder;
  private final int rounds;
  private int stores;

  ContainerStarts(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  void run() throws IOException, InterruptedException {
    Wrapped wrapped =
        Wrapper.wrap(Algorithm.builder(STAGE).image(BASE).argv(List.of("sh")).build())
            .base("engine:" + BASE)
            .runner(WrapTools.programs())
            .to("engine:yunpipe-bench/wrapped:1");
    List<Double> plain = new ArrayList<>();
    List<Double> through = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double one = seconds(List.of("--entrypoint", "sh", BASE, "-c", SCRIPT));
      double other = seconds(worker("yunpipe-bench/wrapped:1"));
      if (round > 0) { // the first reads the layers from the disk
        plain.add(one);
        through.add(other);
      }
    }
    double floor = Measured.median(plain);
    Measured.print(
        "start of a container to its algorithm's first byte, median of %d; layer added: %.1f MB",
        rounds, wrapped.layerBytes() / 1e6);
    Measured.print("%-10s %6.3f s", "unwrapped", floor);
    Measured.print(
        "%-10s %6.3f s  + %.3f s",
        "wrapped", Measured.median(through), Measured.median(through) - floor);
  }

  private List<String> worker(String image) throws IOException {
    Path store = Files.createDirectory(folder.resolve("store" + stores++));
    send(store);
    return List.of(
        "--mount",
        "type=bind,source=" + store + ",target=/store",
        "--env",
        "YUNPIPE_BACKEND=local",
        "--env",
        "YUNPIPE_LOCAL_DIRECTORY=/store",
        "--env",
        "YUNPIPE_PIPELINE=bench",
        "--env",
        "YUNPIPE_STAGE=" + STAGE,
        "--env",
        "YUNPIPE_INSIDE=true",
        "--env",
        "YUNPIPE_IDLE=0s",
        image);
  }

  private static void send(Path store) {
    RunPlan plan =
        Json.read(
            """
            {"v": 1, "run": "bench", "generation": 1, "pipeline": "bench", "created": 0,
             "stages": [{"name": "first", "kind": "EACH", "select": "**", "after": [], "keep": true,
                         "algorithm": {"name": "first", "image": "x", "argv": ["sh", "-c", "%s"],
                                       "resources": {"cpus": 1, "memoryMib": 0, "gpus": 0},
                                       "retry": {"attempts": 1, "backoff": "PT1S",
                                                 "maxBackoff": "PT1S", "memoryFactor": 1}}}]}
            """
                .formatted(SCRIPT),
            RunPlan.class,
            "the plan");
    JobSpec job =
        Json.read(
            """
            {"id": "job", "lineage": "job", "name": "in",
             "in": [{"name": "in", "size": 4, "sha256": "", "inline": "dGVzdA=="}]}
            """,
            JobSpec.class,
            "the job");
    BackendContext context =
        new BackendContext(
            "bench", Map.of("directory", store.toString()), Map.of(), Clock.systemUTC());
    try (Backend backend = Backends.find("local").open(context)) {
      backend.store().putIfAbsent(plan.keys().plan(), Content.of(Json.bytes(plan)));
      JobMessage message =
          new JobMessage(JobMessage.VERSION, "bench", 1, STAGE, "000000", List.of(job));
      backend.queue(STAGE).send(List.of(Json.text(message)), Duration.ZERO);
    }
  }

  private double seconds(List<String> arguments) throws IOException, InterruptedException {
    Path first = Files.createTempDirectory(folder, "first");
    Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>(List.of("docker", "run", "--rm", "--network", "none"));
    command.addAll(List.of("--mount", "type=bind,source=" + first + ",target=/first"));
    command.addAll(arguments);
    Path log = folder.resolve("container.log");
    Files.deleteIfExists(log);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (!Files.exists(first.resolve("byte")) && process.isAlive()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.waitFor() != 0 || !Files.exists(first.resolve("byte"))) {
      throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(log));
    }
    return seconds;
  }
}
