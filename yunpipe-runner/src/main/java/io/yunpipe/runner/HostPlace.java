package io.yunpipe.runner;

import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a command as a process of this machine, with an environment of its own. */
final class HostPlace implements Place {
  private static final String PATH = hostPath();

  private final Attempt attempt;
  private final Scratch scratch;
  private final Programs programs;
  private final Duration grace;
  private final HostSettings settings;
  private @Nullable Path program;

  HostPlace(
      Attempt attempt, Scratch scratch, Programs programs, Duration grace, HostSettings settings) {
    this.attempt = attempt;
    this.scratch = scratch;
    this.programs = programs;
    this.grace = grace;
    this.settings = settings;
  }

  /** The host's path; last comes the running JDK, so that single-file Java programs always run. */
  private static String hostPath() {
    return Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin")
        + File.pathSeparator
        + Path.of(System.getProperty("java.home"), "bin");
  }

  @Override
  public void ready() {}

  @Override
  public boolean alwaysStaged() {
    return false;
  }

  @Override
  public void stage(StagedEntry entry, StageIn stageIn)
      throws IOException, JobProblem, InterruptedException {
    if (entry.path().startsWith("/")) {
      throw JobProblem.permanent(
          "staging path '"
              + entry.path()
              + "' is absolute, which only a container can have: make it relative or set an image");
    }
    stageIn.entry(entry, scratch.work(), Path.of(entry.path()).normalize().toString());
  }

  @Override
  public String seen(Path file) {
    return file.toString();
  }

  @Override
  public Path file(String seen) throws IOException {
    return scratch.work().resolve(seen);
  }

  @Override
  public Map<String, String> environment() throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", PATH);
    environment.put("HOME", scratch.work().toString());
    environment.put("TMPDIR", scratch.tmp().toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("LC_ALL", "C.UTF-8");
    environment.putAll(settings.passed());
    environment.putAll(attempt.variables());
    environment.put(ProcessTree.MARK, attempt.id());
    return environment;
  }

  @Override
  public ProcessBuilder process(List<String> argv, Map<String, String> environment)
      throws IOException, JobProblem {
    return process(argv, environment, scratch.work());
  }

  ProcessBuilder process(List<String> argv, Map<String, String> environment, Path work)
      throws IOException, JobProblem {
    Path file = programs.find(argv.get(0), environment.getOrDefault("PATH", PATH), work);
    program = file;
    List<String> command = new ArrayList<>();
    UserSwitch user = settings.user();
    if (user != null) {
      command.addAll(user.prefix());
      scratch.giveTo(user.user());
    }
    command.add(file.toString());
    command.addAll(argv.subList(1, argv.size()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  @Override
  public JobProblem explain(IOException failure, List<String> argv) throws IOException {
    if (program == null || !String.valueOf(failure.getMessage()).startsWith("Cannot run program")) {
      throw failure; // a file for its streams could not be made
    }
    return programs.explain(failure, argv.get(0), program);
  }

  @Override
  public JobProblem explain(int code, String logTail, List<String> argv) {
    return JobProblem.passing(ExitWords.failure(code, 0, logTail));
  }

  @Override
  public boolean again(int code, String logTail) {
    return false;
  }

  @Override
  public void end(Process process) {
    new ProcessTree(attempt.id(), scratch.root()).end(process, grace);
  }

  @Override
  public int endLeftovers(Process process) {
    return new ProcessTree(attempt.id(), scratch.root()).endLeftovers(process);
  }
}
