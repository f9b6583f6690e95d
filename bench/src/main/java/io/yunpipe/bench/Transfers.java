package io.yunpipe.bench;

import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.UploadLink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Files to and from a bucket: our store in a process of its own and warm, rclone, awscli, and curl
 * with ready-signed links as the floor. Commands take turns; medians are reported.
 */
final class Transfers {
  private static final int AT_ONCE = 8;

  private final Path folder;
  private final int rounds;

  /** What moves all files of a folder below a prefix, or back. */
  private interface Way {
    List<String> command(Path files, String prefix) throws IOException;
  }

  private record Cost(List<Double> cpu, List<Double> wall) {
    Cost() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(double cpuSeconds, double wallSeconds) {
      cpu.add(cpuSeconds);
      wall.add(wallSeconds);
    }
  }

  Transfers(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  void run(boolean small, boolean large) throws IOException, InterruptedException {
    if (small) {
      compare(2000, 10_000, 3);
    }
    if (large) {
      compare(4, 256 << 20, 1);
    }
  }

  private void compare(int count, int size, int warmPasses)
      throws IOException, InterruptedException {
    Path files = Files.createDirectories(folder.resolve("files-" + count));
    make(files, count, size);
    Map<String, Cost> up = new LinkedHashMap<>();
    Map<String, Cost> down = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Way[]> way : ways(warmPasses).entrySet()) {
        String prefix =
            folder.getFileName() + "/" + way.getKey().replace(' ', '-') + count + "-" + round;
        measure(up, way.getKey(), way.getValue()[0].command(files, prefix));
        Path back = Files.createDirectories(folder.resolve("back"));
        measure(down, way.getKey(), way.getValue()[1].command(back, prefix));
        check(files, back, way.getKey());
        Bench.delete(back);
      }
    }
    print("up", count, size, up);
    print("down", count, size, down);
    Bench.delete(files);
  }

  private static void make(Path files, int count, int size) throws IOException {
    Random random = new Random(count);
    byte[] block = new byte[Math.min(size, 1 << 20)];
    for (int i = 0; i < count; i++) {
      try (OutputStream out = Files.newOutputStream(files.resolve("f" + i))) {
        for (int left = size; left > 0; left -= block.length) {
          random.nextBytes(block);
          out.write(block, 0, Math.min(left, block.length));
        }
      }
    }
  }

  private static void check(Path files, Path back, String way) throws IOException {
    for (String name : List.of("f0", "f1", "f3")) {
      if (Files.mismatch(files.resolve(name), back.resolve(name)) >= 0) {
        throw new IllegalStateException(way + " did not bring " + name + " back as it was");
      }
    }
  }

  private Map<String, Way[]> ways(int warmPasses) {
    Map<String, Way[]> all = new LinkedHashMap<>();
    all.put("curl", new Way[] {this::curlUp, this::curlDown});
    all.put("yunpipe", new Way[] {ours("up", 1), ours("down", 1)});
    if (warmPasses > 1) {
      all.put("yunpipe warm", new Way[] {ours("up", warmPasses), ours("down", warmPasses)});
    }
    if (Peers.onPath("rclone")) {
      all.put("rclone", new Way[] {Transfers::rcloneUp, Transfers::rcloneDown});
    }
    if (Files.isExecutable(Path.of("/usr/bin/aws"))) {
      all.put("awscli", new Way[] {Transfers::awsUp, Transfers::awsDown});
    }
    return all;
  }

  private void measure(Map<String, Cost> costs, String way, List<String> command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Files.deleteIfExists(log);
    Measured measured = Measured.run(command, folder, log);
    String said = Files.readString(log);
    if (measured.exit() != 0) {
      throw new IllegalStateException(way + " failed: " + said);
    }
    Cost cost = costs.computeIfAbsent(way, any -> new Cost());
    if (way.endsWith(" warm")) {
      String[] last = said.strip().split(" ", -1);
      cost.add(Double.parseDouble(last[0]), Double.parseDouble(last[1]));
    } else {
      cost.add(measured.cpuSeconds(), measured.wallSeconds());
    }
  }

  private void print(String direction, int count, int size, Map<String, Cost> costs) {
    Measured.print(
        "%d x %,d bytes %s, median of %d rounds; x: ratio to curl", count, size, direction, rounds);
    Cost floor = costs.getOrDefault("curl", new Cost());
    costs.forEach(
        (way, cost) -> {
          double cpu = Measured.median(cost.cpu());
          double wall = Measured.median(cost.wall());
          Measured.print(
              "%-13s CPU %7.2f s %6.2f x   wall %7.2f s %6.2f x   %8.3f ms CPU per object",
              way,
              cpu,
              cpu / Measured.median(floor.cpu()),
              wall,
              wall / Measured.median(floor.wall()),
              cpu / count * 1000);
        });
  }

  private static Way ours(String direction, int passes) {
    // With the second compiler: only its SHA-256 uses the processor's instructions, 13 times as
    // fast.
    List<String> options = List.of("-XX:+UseSerialGC", "-Xmx512m");
    return (files, prefix) ->
        Measured.java(
            options, TransferWorkload.class, direction, files.toString(), prefix, "" + passes);
  }

  private List<String> curlUp(Path files, String prefix) throws IOException {
    StringBuilder config = new StringBuilder();
    try (S3Server.Opened opened = S3Server.open()) {
      ObjectStore store = opened.store();
      for (Path file : list(files)) {
        String key = prefix + "/" + file.getFileName();
        UploadLink link =
            store.presignUpload(key, Files.size(file), Duration.ofHours(1)).orElseThrow();
        config.append("upload-file = \"").append(file).append("\"\n");
        config.append("url = \"").append(link.uri()).append("\"\n");
      }
      return curl(config, "-H", "If-None-Match: *");
    }
  }

  private List<String> curlDown(Path back, String prefix) throws IOException {
    StringBuilder config = new StringBuilder();
    try (S3Server.Opened opened = S3Server.open()) {
      ObjectStore store = opened.store();
      String after = "";
      List<String> keys;
      do {
        keys = store.list(prefix + "/", after, 1000).stream().map(o -> o.key()).toList();
        for (String key : keys) {
          config
              .append("url = \"")
              .append(store.presign(key, Duration.ofHours(1)).orElseThrow())
              .append("\"\noutput = \"")
              .append(back.resolve(key.substring(key.lastIndexOf('/') + 1)))
              .append("\"\n");
          after = key;
        }
      } while (keys.size() == 1000);
    }
    return curl(config);
  }

  private List<String> curl(StringBuilder config, String... more) throws IOException {
    Path file = folder.resolve("curl.conf");
    Files.writeString(file, config, StandardCharsets.UTF_8);
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sSf", "--no-progress-meter", "-Z", "--parallel-max", "" + AT_ONCE));
    command.addAll(List.of(more));
    command.addAll(List.of("-K", file.toString()));
    return command;
  }

  private static List<Path> list(Path files) throws IOException {
    try (var all = Files.list(files)) {
      return all.sorted().toList();
    }
  }

  private static String remote(String prefix) {
    return String.format(
        Locale.ROOT,
        ":s3,provider=Other,env_auth=true,region=us-east-1,endpoint=\"%s\":%s/%s",
        S3Server.ENDPOINT,
        S3Server.BUCKET,
        prefix);
  }

  /** Without a look before and after each file, which the others do not take either. */
  private static List<String> rcloneUp(Path files, String prefix) {
    return List.of(
        "rclone",
        "copy",
        "--config=/dev/null",
        "--transfers=" + AT_ONCE,
        "--no-check-dest",
        "--s3-no-head",
        "--s3-no-check-bucket",
        files.toString(),
        remote(prefix));
  }

  private static List<String> rcloneDown(Path back, String prefix) {
    return List.of(
        "rclone",
        "copy",
        "--config=/dev/null",
        "--transfers=" + AT_ONCE,
        "--s3-no-head",
        "--no-check-dest",
        remote(prefix),
        back.toString());
  }

  private static List<String> awsUp(Path files, String prefix) {
    return aws(files.toString(), "s3://" + S3Server.BUCKET + "/" + prefix);
  }

  private static List<String> awsDown(Path back, String prefix) {
    return aws("s3://" + S3Server.BUCKET + "/" + prefix, back.toString());
  }

  private static List<String> aws(String from, String to) {
    return List.of(
        "/usr/bin/aws",
        "--endpoint-url",
        S3Server.ENDPOINT,
        "--region",
        "us-east-1",
        "s3",
        "cp",
        "--recursive",
        "--quiet",
        from,
        to);
  }
}
