package io.yunpipe.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ways to add the same files to an image of a registry. The engine is the one of DOCKER_HOST; its
 * process is YUNPIPE_BENCH_DOCKERD, whose CPU time counts.
 */
final class WrapTools {
  private static final Pattern SPACE = Pattern.compile(" ");
  private static final double TICKS = 100;

  private final String host;
  private final Path folder;
  private final Path content;
  private final Path cache;

  /**
   * A tool.
   *
   * @param name its name
   * @param before a script that leaves nothing of the base on this machine
   * @param command what is measured
   * @param after a script that clears up
   */
  record Tool(String name, String before, List<String> command, String after) {}

  WrapTools(String host, Path folder) {
    this.host = host;
    this.folder = folder;
    this.content = folder.resolve("content");
    this.cache = folder.resolve("cache");
  }

  /** Returns all, on one base. */
  List<Tool> all(String base, String name) throws IOException {
    return List.of(
        new Tool("yunpipe", "true", yunpipe(base, name), "true"),
        jib(base, name),
        docker(base, name),
        buildah(base, name));
  }

  /** Returns the script that unpacks the files that all add. */
  String unpackLayer() {
    return """
        mkdir -p '%1$s'
        tar -xzf '%2$s'/*.tar.gz -C '%1$s' --strip-components=1
        test -x '%1$s/yunpipe/jre/bin/java'
        """
        .formatted(content, cache);
  }

  private String base(String base) {
    return host + "/base/" + base + ":1";
  }

  private String target(String tool, String base, String name) {
    return host + "/" + tool + "-" + name + "/" + base + ":1";
  }

  List<String> yunpipe(String base, String name) throws IOException {
    return Measured.java(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        WrapWorkload.class,
        base(base),
        target("yunpipe", base, name),
        cache.toString(),
        programs().toString());
  }

  private Tool jib(String base, String name) {
    Path own = folder.resolve("jib");
    return new Tool(
        "jib-core",
        "rm -rf '%s'".formatted(own),
        Measured.java(
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            JibWorkload.class,
            base(base),
            target("jib", base, name),
            own.toString(),
            content.resolve("yunpipe").toString()),
        "rm -rf '%s'".formatted(own));
  }

  private Tool docker(String base, String name) throws IOException {
    String made = target("docker", base, name);
    String clear =
        "docker rmi -f %s %s >/dev/null 2>&1 || true; docker builder prune -af"
            .formatted(made, base(base));
    return new Tool(
        "docker",
        dockerfile(base) + clear,
        script("docker build -q -t %1$s '%2$s' && docker push -q %1$s".formatted(made, content)),
        clear);
  }

  private Tool buildah(String base, String name) {
    String made = target("buildah", base, name);
    String buildah =
        "buildah --root '%s' --runroot '%s' --storage-driver overlay"
            .formatted(folder.resolve("buildah"), folder.resolve("buildah-run"));
    return new Tool(
        "buildah",
        dockerfile(base) + "true",
        script(
            "%1$s build --layers --tls-verify=false --isolation chroot -q -t %2$s '%3$s' && %1$s push -q --tls-verify=false %2$s"
                .formatted(buildah, made, content)),
        buildah + " rmi -af");
  }

  private String dockerfile(String base) {
    return """
        cat >'%s/Dockerfile' <<'END'
        FROM %s
        COPY yunpipe /opt/yunpipe
        ENTRYPOINT ["/opt/yunpipe/jre/bin/java"]
        END
        """
        .formatted(content, base(base));
  }

  private static List<String> script(String text) {
    return List.of("bash", "-ec", text);
  }

  /** Returns the worker's program as the build of this measurement has made it. */
  static Path programs() throws IOException {
    Path built = Path.of("yunpipe-lambda", "target", "quick");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(built, "*-programs.jar")) {
      return jars.iterator().next().toAbsolutePath();
    }
  }

  /** Returns CPU time of the engine and of what it has started, which are no children of ours. */
  static double engineCpu() throws IOException {
    String pid = System.getenv().getOrDefault("YUNPIPE_BENCH_DOCKERD", "");
    if (pid.isEmpty()) {
      return 0;
    }
    List<ProcessHandle> processes = new ArrayList<>();
    ProcessHandle.of(Long.parseLong(pid))
        .ifPresent(
            engine -> {
              processes.add(engine);
              engine.descendants().forEach(processes::add);
            });
    double all = 0;
    for (ProcessHandle process : processes) {
      Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
      if (Files.exists(stat)) {
        String text = Files.readString(stat);
        String[] fields = SPACE.split(text.substring(text.lastIndexOf(')') + 2), -1);
        // Its own, and those of processes that have ended and were waited for.
        for (int field = 11; field < 15; field++) {
          all += Long.parseLong(fields[field]) / TICKS;
        }
      }
    }
    return all;
  }
}
