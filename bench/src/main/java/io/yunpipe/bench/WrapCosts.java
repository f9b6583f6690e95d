package io.yunpipe.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What wrapping an image costs, beside the same with an engine (a Dockerfile, build, push), with
 * buildah, and with jib as it is. Bases of 10 MB, 200 MB (noise) and 2 GB (zeros) lie in a
 * registry; wrapped images go to the same registry. Cold: nothing of the base and of the result is
 * on this machine or in the target's repository; the files that all add are made before, but for
 * the first line. Warm: the same once more.
 */
final class WrapCosts {
  private static final Map<String, String> BASES = new LinkedHashMap<>();

  static {
    BASES.put("10", "/dev/urandom");
    BASES.put("200", "/dev/urandom");
    BASES.put("2048", "/dev/zero");
  }

  private final Path folder;
  private final int rounds;
  private final Path log;
  private final Map<String, List<Cost>> costs = new LinkedHashMap<>();

  /** What one wrapping cost; bytes as the registry saw them. */
  private record Cost(double wall, double cpu, double received, double sent) {}

  WrapCosts(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
    this.log = folder.resolve("log");
  }

  void run() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path settings =
        Files.writeString(
            folder.resolve("registry.yml"),
            "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
                + folder.resolve("registry")
                + "}}\nhttp: {addr: \"127.0.0.1:"
                + port
                + "\"}\n");
    Process registry =
        new ProcessBuilder("docker-registry", "serve", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    try {
      await(port);
      for (Map.Entry<String, String> base : BASES.entrySet()) {
        base("127.0.0.1:" + port, base.getKey(), base.getValue());
      }
      try (CountingProxy proxy = new CountingProxy(port)) {
        measure(proxy);
      }
    } finally {
      registry.destroy();
      registry.waitFor();
    }
  }

  private static void await(int port) throws IOException, InterruptedException {
    long limit = System.nanoTime() + 20_000_000_000L;
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > limit) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  /** Makes a base with the C library of this machine and a file, and pushes it. */
  private void base(String host, String mib, String from) throws IOException, InterruptedException {
    Path root = Files.createDirectories(folder.resolve("root-" + mib));
    String image = host + "/base/" + mib + ":1";
    must(
        """
        cd '%s'
        mkdir -p lib64 lib/x86_64-linux-gnu srv tmp
        cp -L /lib64/ld-linux-x86-64.so.2 lib64/
        cp -L /lib/x86_64-linux-gnu/lib{c,m,dl,pthread,rt}.so.[0-9] lib/x86_64-linux-gnu/
        head -c %sM %s >srv/data
        tar -c lib64 lib tmp srv | docker import - %s
        docker push -q %s
        docker rmi %s
        """
            .formatted(root, mib, from, image, image, image));
    Bench.delete(root);
  }

  private void must(String script) throws IOException, InterruptedException {
    if (Measured.run(List.of("bash", "-ec", script), folder, log).exit() != 0) {
      throw new IllegalStateException(script + ": " + Files.readString(log));
    }
  }

  private void measure(CountingProxy proxy) throws IOException, InterruptedException {
    WrapTools tools = new WrapTools(proxy.host(), folder);
    Cost first = cost(tools.yunpipe("10", "first"), proxy);
    must(tools.unpackLayer());
    for (int round = 0; round < rounds; round++) {
      for (String base : BASES.keySet()) {
        for (WrapTools.Tool tool : tools.all(base, "round" + round)) {
          must(tool.before());
          add(base, tool.name(), "cold", cost(tool.command(), proxy));
          add(base, tool.name(), "warm", cost(tool.command(), proxy));
          must(tool.after());
        }
      }
    }
    Measured.print("medians of %d; times in s, registry's traffic in MB", rounds);
    print("10 MB  yunpipe   first here", List.of(first));
    costs.forEach(WrapCosts::print);
  }

  private void add(String base, String tool, String how, Cost cost) {
    String row = "%-4s MB  %-9s %s".formatted(base, tool, how);
    costs.computeIfAbsent(row, any -> new ArrayList<>()).add(cost);
  }

  private static void print(String row, List<Cost> several) {
    Measured.print(
        "%-28s wall %7.2f  CPU %7.2f  received %8.2f  sent %8.2f",
        row,
        median(several, Cost::wall),
        median(several, Cost::cpu),
        median(several, Cost::received),
        median(several, Cost::sent));
  }

  private static double median(List<Cost> several, ToDoubleFunction<Cost> figure) {
    return Measured.median(several.stream().map(figure::applyAsDouble).toList());
  }

  private Cost cost(List<String> command, CountingProxy proxy)
      throws IOException, InterruptedException {
    proxy.takeUp();
    proxy.takeDown();
    double engine = WrapTools.engineCpu();
    Measured measured = Measured.run(command, folder, log);
    if (measured.exit() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(log));
    }
    return new Cost(
        measured.wallSeconds(),
        measured.cpuSeconds() + WrapTools.engineCpu() - engine,
        proxy.takeDown() / 1e6,
        proxy.takeUp() / 1e6);
  }
}
