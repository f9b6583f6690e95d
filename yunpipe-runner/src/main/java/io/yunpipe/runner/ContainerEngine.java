package io.yunpipe.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The container engine of this machine, found when the first container is to run. Thread-safe. */
final class ContainerEngine {
  private static final Logger logger = LoggerFactory.getLogger(ContainerEngine.class);

  /** How engines, and the first process that they put in, begin what they say themselves. */
  static final Pattern SAYS =
      Pattern.compile("(?m)^(docker:|Error:|catatonit:|\\[FATAL tini \\(\\d+\\)\\]) (.*)$");

  private static final Pattern NO_INIT = Pattern.compile("docker-init|catatonit|init binary");
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final String setting;
  private @Nullable Path program;
  private boolean podman;
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
        // A program called docker may be podman: distributions have a package for that.
        podman =
            String.valueOf(file.get().getFileName()).contains("podman")
                || version.output().contains("Podman Engine");
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
      return Optional.of(Path.of(name).toAbsolutePath()).filter(Files::isExecutable);
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
    return Arrays.stream(path.split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Returns whether the engine is podman, which maps users and labels in its own way. */
  synchronized boolean isPodman() throws IOException, JobProblem, InterruptedException {
    program();
    return podman;
  }

  /** Returns whether containers get a first process that reaps others and passes signals on. */
  boolean withInit() {
    return withInit;
  }

  /**
   * Returns whether a container could not be started for want of that process; later ones are
   * started without.
   *
   * @param asked whether the container should have got one
   */
  boolean lacksInit(boolean asked, int code, String said) {
    boolean lacks =
        asked && code == 125 && SAYS.matcher(said).find() && NO_INIT.matcher(said).find();
    if (lacks && withInit) {
      logger.warn("The container engine has no init program; containers run without one");
      withInit = false;
    }
    return lacks;
  }

  /** Runs the engine's program. */
  Tool.Result run(List<String> arguments, Duration limit)
      throws IOException, JobProblem, InterruptedException {
    return Tool.run(command(arguments), limit);
  }

  /** Runs the engine's program and hears each line while it is said. */
  Tool.Result run(List<String> arguments, Duration limit, Consumer<String> lines)
      throws IOException, JobProblem, InterruptedException {
    return Tool.run(command(arguments), limit, lines);
  }

  private List<String> command(List<String> arguments)
      throws IOException, JobProblem, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(arguments);
    return command;
  }

  Tool.Result run(String... arguments) throws IOException, JobProblem, InterruptedException {
    return run(List.of(arguments), QUICK);
  }
}
