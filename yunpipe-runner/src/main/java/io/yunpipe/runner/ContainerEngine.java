package io.yunpipe.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The container engine of this machine, found when the first container is to run. Thread-safe. */
final class ContainerEngine {
  private static final Logger logger = LoggerFactory.getLogger(ContainerEngine.class);
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final Duration PULL = Duration.ofMinutes(30);
  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();
  private static final Pattern NEVER =
      Pattern.compile(
          "(?i)not found|does not exist|denied|unauthorized|unknown|invalid|no such host|not known");

  private final String setting;
  private final Set<String> images = ConcurrentHashMap.newKeySet();
  private @Nullable Path program;
  private String problem = "";
  private long askedAt;
  private volatile boolean withInit = true;

  ContainerEngine(String setting) {
    this.setting = setting;
  }

  /** Returns the engine's program. */
  synchronized Path program() throws IOException, JobProblem, InterruptedException {
    if (program == null && (problem.isEmpty() || System.nanoTime() - askedAt > ASK_AGAIN_NANOS)) {
      program = find();
      askedAt = System.nanoTime();
    }
    if (program == null) {
      throw JobProblem.permanent(
          "no container engine: install docker or podman and start it (" + problem + ")");
    }
    return program;
  }

  private @Nullable Path find() throws IOException, InterruptedException {
    List<String> tried = new ArrayList<>();
    for (String name : setting.equals("auto") ? List.of("docker", "podman") : List.of(setting)) {
      Optional<Path> file = onPath(name);
      if (file.isEmpty()) {
        tried.add(name + ": not installed");
        continue;
      }
      Tool.Result version = Tool.run(List.of(file.get().toString(), "version"), QUICK);
      if (version.ok()) {
        logger.debug("Found container engine {}", file.get());
        return file.get();
      }
      tried.add(name + ": " + version.lastLine());
    }
    problem = String.join("; ", tried);
    return null;
  }

  private static Optional<Path> onPath(String name) {
    if (name.contains("/")) {
      return Optional.of(Path.of(name)).filter(Files::isExecutable);
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
    return Arrays.stream(path.split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Returns whether the engine is podman, which maps users and labels in its own way. */
  boolean isPodman() throws IOException, JobProblem, InterruptedException {
    return String.valueOf(program().getFileName()).contains("podman");
  }

  /** Returns whether containers get a first process that reaps others and passes signals on. */
  boolean withInit() {
    return withInit;
  }

  /** Notes that this engine was installed without that process. */
  void hasNoInit() {
    withInit = false;
  }

  /** Runs the engine's program. */
  Tool.Result run(List<String> arguments, Duration limit)
      throws IOException, JobProblem, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(arguments);
    return Tool.run(command, limit);
  }

  Tool.Result run(String... arguments) throws IOException, JobProblem, InterruptedException {
    return run(List.of(arguments), QUICK);
  }

  /** Makes sure that an image is there, pulling it if need be, and that it holds the executable. */
  synchronized void prepare(String image, @Nullable String executable)
      throws IOException, JobProblem, InterruptedException {
    String key = image + ' ' + executable;
    if (images.contains(key)) {
      return;
    }
    if (!run("image", "inspect", "--format", "{{.Id}}", image).ok()) {
      Tool.Result pull = run(List.of("pull", "--quiet", image), PULL);
      if (!pull.ok()) {
        String reason =
            "image '%s' is not on this machine and could not be pulled: %s. Check its name, pull it by hand, or build it here."
                .formatted(image, pull.lastLine());
        throw NEVER.matcher(pull.output()).find()
            ? JobProblem.permanent(reason)
            : JobProblem.passing(reason);
      }
    }
    if (executable != null && !executable.isBlank()) {
      checkExecutable(image, executable);
    }
    images.add(key);
  }

  /** Forgets an image that has gone. */
  void forget(String image) {
    images.removeIf(key -> key.startsWith(image + ' '));
  }

  private void checkExecutable(String image, String executable)
      throws IOException, JobProblem, InterruptedException {
    String name = "yunpipe-check-" + UUID.randomUUID();
    Path copy = Files.createTempDirectory("yunpipe-check-");
    try {
      // Nothing is started, and the image need not have a shell.
      Tool.Result created = run("create", "--name", name, image, "yunpipe-check");
      Tool.Result copied = run("cp", name + ":" + executable, copy + "/executable");
      if (!created.ok() || !copied.ok()) {
        throw JobProblem.permanent(
            "image '%s' does not hold the executable %s: %s"
                .formatted(
                    image, executable, created.ok() ? copied.lastLine() : created.lastLine()));
      }
    } finally {
      run("rm", "--force", name);
      FileTrees.delete(copy);
    }
  }
}
