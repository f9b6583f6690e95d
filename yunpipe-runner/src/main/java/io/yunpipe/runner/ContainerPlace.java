package io.yunpipe.runner;

import io.yunpipe.Port;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command in a container of its own, removed when it has ended. The container has no
 * network, no capabilities, no way to more rights, a root that cannot be written to and limits on
 * cores, memory and processes.
 *
 * <p>A command replaces the image's entry point; so does, where a worker was added to the image,
 * the entry point that the image had before. It starts in the image's own folder, unless something
 * is staged at a relative path: then in {@value #WORK}, where that lies. {@code /tmp} is a folder
 * on the host's disk, so that temporary files do not count as memory. Variables go in by name, so
 * that no value shows in a list of processes.
 */
final class ContainerPlace implements Place {
  static final String WORK = "/yunpipe/work";

  private static final Logger logger = LoggerFactory.getLogger(ContainerPlace.class);
  private static final String INPUTS = "/yunpipe/in";
  private static final String OUTPUTS = "/yunpipe/out";
  private static final int MAX_PROCESSES = 4096;
  private static final long SLICE_MILLIS = 50;

  /** Variables that the engine's own program obeys: their values go in by file. */
  private static final Pattern TAKEN =
      Pattern.compile(
          "(?i)(PATH|HOME|TMPDIR|USER|LANG|LC_.*|LD_.*|XDG_.*|DOCKER.*|PODMAN.*|CONTAINER.*|BUILDAH.*|STORAGE.*|REGISTRY.*|SSL_.*|SSH_.*|GO.*|.*_PROXY)");

  private static final int REMOVE_ROUNDS = 100;
  private static final Pattern GONE = Pattern.compile("(?i)no such container|no container with");

  private final Attempt attempt;
  private final AlgorithmSpec spec;
  private final String image;
  private final Scratch scratch;
  private final ContainerEngine engine;
  private final ContainerImages images;
  private final Consumer<String> notes;
  private final Duration grace;
  private final String name;
  private final Map<String, Path> mounts = new LinkedHashMap<>();
  private final Map<String, Boolean> writable = new LinkedHashMap<>();
  private String program = "";
  private boolean podman;
  private boolean withInit;
  private ContainerImages.Ready ready;

  /**
   * Creates it.
   *
   * @param notes hears what the attempt waits for
   */
  ContainerPlace(
      Attempt attempt,
      String image,
      Scratch scratch,
      ContainerEngine engine,
      ContainerImages images,
      Consumer<String> notes,
      Duration grace) {
    this.attempt = attempt;
    this.spec = attempt.algorithm();
    this.image = image;
    this.scratch = scratch;
    this.engine = engine;
    this.images = images;
    this.notes = notes;
    this.ready = new ContainerImages.Ready(image, List.of());
    this.grace = grace;
    name = "yunpipe-" + attempt.id().replaceAll("[^A-Za-z0-9_.-]", "-");
  }

  @Override
  public void ready() throws IOException, JobProblem, InterruptedException {
    program = engine.program().toString();
    podman = engine.isPodman();
    ready = images.prepare(attempt, image, notes);
  }

  @Override
  public boolean alwaysStaged() {
    return true;
  }

  @Override
  public void stage(StagedEntry entry, StageIn stageIn)
      throws IOException, JobProblem, InterruptedException {
    Path path = Path.of(entry.path()).normalize();
    if (!path.isAbsolute()) {
      Path placed = stageIn.entry(entry, scratch.work(), path.toString());
      openIf(entry.writable(), placed);
      return;
    }
    Path folder = Files.createDirectories(scratch.file("mount" + mounts.size()));
    Path placed = stageIn.entry(entry, folder, String.valueOf(path.getFileName()));
    openIf(entry.writable(), placed);
    mount(path.toString(), placed, entry.writable());
  }

  private void mount(String at, Path file, boolean canWrite) {
    mounts.put(at, file);
    writable.put(at, canWrite);
  }

  /** The image decides who runs if we are root, so others must be able to write. */
  private static void openIf(boolean canWrite, Path file) throws IOException {
    if (canWrite && isRoot(file)) {
      int mode = (Integer) Files.getAttribute(file, "unix:mode");
      Files.setAttribute(
          file, "unix:mode", (mode & 0777) | (Files.isDirectory(file) ? 0777 : 0666));
    }
  }

  private static boolean isRoot(Path ours) throws IOException {
    return (Integer) Files.getAttribute(ours, "unix:uid", LinkOption.NOFOLLOW_LINKS) == 0;
  }

  @Override
  public String seen(Path file) throws IOException {
    if (file.startsWith(scratch.out())) {
      return below(outputs(), scratch.out(), file);
    }
    if (file.startsWith(scratch.in())) {
      return spec.inputPath().equals("/") && !file.equals(scratch.in())
          ? "/" + file.getFileName()
          : below(inputs(), scratch.in(), file);
    }
    return below(WORK, scratch.work(), file);
  }

  private static String below(String seen, Path folder, Path file) {
    return file.equals(folder) ? seen : seen + "/" + folder.relativize(file);
  }

  private String inputs() {
    return spec.inputPath().equals("/") ? INPUTS : stripSlash(spec.inputPath());
  }

  private String outputs() {
    return spec.outputPath().equals("/") ? OUTPUTS : stripSlash(spec.outputPath());
  }

  private static String stripSlash(String folder) {
    return folder.length() > 1 && folder.endsWith("/")
        ? folder.substring(0, folder.length() - 1)
        : folder;
  }

  @Override
  public Path file(String seen) throws IOException, JobProblem {
    Path path = Path.of(seen).normalize();
    Path mounted = mounts.get(path.toString());
    if (mounted != null) {
      return mounted;
    }
    if (path.startsWith(inputs())) {
      return scratch.in().resolve(Path.of(inputs()).relativize(path));
    }
    if (spec.inputPath().equals("/") && path.getNameCount() == 1 && path.isAbsolute()) {
      return scratch.in().resolve(path.getFileName());
    }
    if (path.isAbsolute() || path.startsWith("..")) {
      throw JobProblem.permanent("standard input '" + seen + "' is not a staged file");
    }
    return scratch.work().resolve(path);
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("HOME", "/tmp");
    environment.put("TMPDIR", "/tmp");
    environment.put("LANG", "C.UTF-8");
    environment.put("LC_ALL", "C.UTF-8");
    environment.putAll(attempt.variables());
    environment.put(ProcessTree.MARK, attempt.id());
    return environment;
  }

  @Override
  public ProcessBuilder process(List<String> argv, Map<String, String> environment)
      throws IOException, JobProblem {
    ContainerArguments arguments = arguments(environment);
    arguments.command(ready.reference(), argv.isEmpty() ? ready.command() : argv);
    // What podman's monitor leaves, such as a file oom, goes with the attempt.
    ProcessBuilder builder =
        new ProcessBuilder(arguments.list()).directory(scratch.root().toFile());
    environment.forEach(
        (variable, value) -> {
          if (!TAKEN.matcher(variable).matches()) {
            builder.environment().put(variable, value);
          }
        });
    return builder;
  }

  private ContainerArguments arguments(Map<String, String> environment)
      throws IOException, JobProblem {
    ContainerArguments arguments = new ContainerArguments(program, name);
    arguments.label("io.yunpipe.run", attempt.run());
    arguments.label("io.yunpipe.attempt", attempt.id());
    arguments.confine(podman, spec.network() || !spec.ports().isEmpty(), MAX_PROCESSES);
    arguments.limit(spec.resources(), attempt.memoryMib(), podman);
    withInit = engine.withInit();
    if (withInit) {
      arguments.add("--init");
    }
    if (spec.stdin() != null) {
      arguments.add("--interactive");
    }
    boolean root = isRoot(scratch.root());
    if (!root) {
      arguments.user(scratch.root(), podman);
    }
    mountFolders(root);
    mounts.forEach((at, file) -> arguments.mount(file, at, Boolean.TRUE.equals(writable.get(at))));
    for (Port port : spec.ports()) {
      arguments.publish(port);
    }
    if (usesWork()) {
      arguments.add("--workdir", WORK);
    }
    pass(environment, arguments);
    return arguments;
  }

  private void pass(Map<String, String> environment, ContainerArguments arguments)
      throws IOException, JobProblem {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (!TAKEN.matcher(variable.getKey()).matches()) {
        arguments.add("--env", variable.getKey());
      } else if (variable.getValue().indexOf('\n') >= 0) {
        throw JobProblem.permanent(
            "variable " + variable.getKey() + " has several lines, which a container cannot get");
      } else {
        lines.append(variable.getKey()).append('=').append(variable.getValue()).append('\n');
      }
    }
    Path file = scratch.file("variables");
    ContainerArguments.writePrivate(file, lines.toString());
    arguments.add("--env-file", file.toString());
  }

  private boolean usesWork() {
    return spec.zippedOutput() != null
        || spec.staging().stream().anyMatch(entry -> !entry.path().startsWith("/"));
  }

  private void mountFolders(boolean root) throws IOException {
    if (spec.inputPath().equals("/")) {
      try (Stream<Path> files = Files.walk(scratch.in())) {
        List<Path> found = files.filter(Files::isRegularFile).limit(2).toList();
        if (found.size() == 1 && !attempt.gather()) {
          mount("/" + found.get(0).getFileName(), found.get(0), false);
        }
      }
    }
    mount(inputs(), scratch.in(), false);
    mount(outputs(), scratch.out(), true);
    mount("/tmp", scratch.tmp(), true);
    if (usesWork()) {
      mount(WORK, scratch.work(), true);
    }
    if (root) {
      openIf(true, scratch.out());
      openIf(true, scratch.tmp());
      openIf(true, scratch.work());
    }
  }

  @Override
  public JobProblem explain(IOException failure, List<String> argv) throws IOException {
    throw failure;
  }

  @Override
  public JobProblem explain(int code, String logTail, List<String> argv) {
    Matcher says = ContainerEngine.SAYS.matcher(logTail);
    if (code < 125 || code > 127 || !says.find()) {
      return JobProblem.passing(ExitWords.failure(code, attempt.memoryMib(), logTail));
    }
    String what = LogText.shorten(says.group(2));
    String command = argv.isEmpty() ? "its entry point" : "command '" + argv.get(0) + "'";
    return switch (code) {
      case 127 ->
          JobProblem.permanent(command + " was not found in image '" + image + "': " + what);
      case 126 ->
          JobProblem.permanent(command + " cannot be executed in image '" + image + "': " + what);
      default -> {
        images.forget(image);
        yield JobProblem.passing("the container could not be started: " + what);
      }
    };
  }

  @Override
  public boolean again(int code, String logTail) {
    return engine.lacksInit(withInit, code, logTail);
  }

  @Override
  public void end(Process process) {
    boolean interrupted = Thread.interrupted();
    quietly("kill", "--signal", "TERM", name);
    long deadline = System.nanoTime() + grace.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        process.waitFor(SLICE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    quietly("kill", name);
    process.destroyForcibly();
    interrupted |= remove();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Also removes one that was about to be started; the engine may be removing it already. */
  private boolean remove() {
    boolean interrupted = false;
    for (int round = 0; round < REMOVE_ROUNDS; round++) {
      Tool.Result result = quietly("rm", "--force", name);
      if (result == null || result.ok() || GONE.matcher(result.output()).find()) {
        return interrupted;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(SLICE_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    logger.warn("Container could not be removed: name={}", name);
    return interrupted;
  }

  private Tool.@Nullable Result quietly(String... arguments) {
    try {
      Tool.Result result = engine.run(arguments);
      logger.debug("{} {}: {}", arguments[0], name, result.output());
      return result;
    } catch (IOException | JobProblem e) {
      logger.warn("Container could not be ended: name={} reason={}", name, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /** The container has ended with its first process, and all its others with it. */
  @Override
  public int endLeftovers(Process process) {
    return 0;
  }
}
