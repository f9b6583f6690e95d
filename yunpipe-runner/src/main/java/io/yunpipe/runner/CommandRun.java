package io.yunpipe.runner;

import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import io.yunpipe.internal.archive.ArchiveLimits;
import io.yunpipe.internal.archive.SafeUnzip;
import io.yunpipe.runner.ProcessRunner.Exit;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One attempt of a command: stages in, starts it, waits, and collects its outputs. */
final class CommandRun {
  private static final File NULL = new File("/dev/null");

  private final Running running;
  private final Attempt attempt;
  private final AlgorithmSpec spec;
  private final Scratch scratch;
  private final Place place;
  private final StageIn stageIn;
  private final JobLog log;
  private final boolean namesOutput;

  private @Nullable Path input;
  private @Nullable Path output;
  private List<String> argv = List.of();
  private Map<String, String> environment = Map.of();
  private List<String> process = List.of();
  private Runnable cleanUp = () -> {};

  CommandRun(Running running, Scratch scratch, Place place, ObjectStore store, long maxLogBytes)
      throws IOException {
    this.running = running;
    this.scratch = scratch;
    this.place = place;
    attempt = running.attempt();
    spec = attempt.algorithm();
    stageIn = new StageIn(store, running);
    log = new JobLog(scratch.file(Scratch.LOG), maxLogBytes);
    namesOutput = Tokens.mentions(spec.argv(), "output");
    running.log(() -> Files.newInputStream(log.file().toPath()));
  }

  /**
   * Runs it; a problem is a result as well.
   *
   * @param release gives the folders back when the result has been used
   */
  Execution execute(Runnable release) throws IOException, InterruptedException {
    AtomicBoolean released = new AtomicBoolean();
    cleanUp =
        () -> {
          if (!released.getAndSet(true)) {
            release.run();
          }
        };
    try {
      ready();
      stageIn();
      argv = Tokens.replace(spec.argv(), this::value);
      environment = place.environment();
      Exit exit = start();
      return ended(exit);
    } catch (JobProblem problem) {
      return failed(problem, -1, Duration.ZERO);
    }
  }

  /** May wait for an image, so that a stop must wake the thread. */
  private void ready() throws IOException, JobProblem, InterruptedException {
    running.enter();
    try {
      place.ready();
    } finally {
      running.leave();
    }
  }

  private void stageIn() throws IOException, JobProblem, InterruptedException {
    boolean zipped = spec.zippedOutput() != null;
    String stdin = spec.stdin();
    if (place.alwaysStaged()
        || zipped
        || Tokens.mentions(spec.argv(), "input")
        || (stdin != null && Tokens.mentions(List.of(stdin), "input"))) {
      input = stageIn.inputs(scratch.in());
    }
    if (zipped) {
      unpack();
    }
    for (StagedEntry entry : spec.staging()) {
      place.stage(entry, stageIn);
    }
    if (place.alwaysStaged() || namesOutput || spec.stdout() != null || spec.stderr() != null) {
      output =
          spec.outputMode() == OutputMode.FILE
              ? scratch.out().resolve(ResultNames.fileName(attempt, input))
              : scratch.out();
    }
  }

  private void unpack() throws IOException, JobProblem {
    Path zip = input;
    if (zip == null || !Files.isRegularFile(zip)) {
      throw JobProblem.permanent("a zipped job takes one zip as its input, but has several files");
    }
    try {
      SafeUnzip.unzip(zip, scratch.work(), ArchiveLimits.DEFAULT);
    } catch (InvalidInputException e) {
      throw JobProblem.permanent(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String value(String name) {
    try {
      return switch (name) {
        case "input" -> input == null ? null : place.seen(input);
        case "output" -> output == null ? null : place.seen(output);
        default -> attempt.variables().get(name);
      };
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Exit start() throws IOException, JobProblem, InterruptedException {
    refuseNul();
    while (true) {
      ProcessBuilder builder = place.process(argv, environment);
      process = List.copyOf(builder.command());
      redirect(builder);
      Exit exit;
      try {
        exit = ProcessRunner.run(builder, spec.timeoutMillis(), running, log, place);
      } catch (ProcessRunner.StartException e) {
        throw place.explain(e.failure(), argv);
      }
      if (exit.timedOut() || exit.code() == 0 || !place.again(exit.code(), words())) {
        return exit;
      }
      Files.deleteIfExists(log.file().toPath());
    }
  }

  private void refuseNul() throws JobProblem {
    for (String token : argv) {
      if (token.indexOf('\0') >= 0) {
        throw JobProblem.permanent("the command holds a NUL character: " + String.join(" ", argv));
      }
    }
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getValue().indexOf('\0') >= 0) {
        throw JobProblem.permanent("variable " + variable.getKey() + " holds a NUL character");
      }
    }
  }

  private void redirect(ProcessBuilder builder) throws IOException, JobProblem {
    String stdin = spec.stdin();
    File from = NULL;
    if (stdin != null) {
      Path file = place.file(Tokens.replace(stdin, this::value));
      if (!Files.isRegularFile(file)) {
        throw JobProblem.permanent("standard input '" + stdin + "' is not a staged file");
      }
      from = file.toFile();
    }
    builder.redirectInput(from);
    // Appending, so that the log can be cut short while the command writes.
    Redirect toLog = Redirect.appendTo(log.file());
    Redirect stdout = spec.stdout() == null ? toLog : outputFile("standard output", spec.stdout());
    Redirect stderr = spec.stderr() == null ? toLog : outputFile("standard error", spec.stderr());
    builder.redirectOutput(stdout);
    if (stderr.equals(stdout)) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(stderr);
    }
  }

  private Redirect outputFile(String what, String name) throws IOException, JobProblem {
    String wrong = OutputNames.problem(name);
    if (wrong != null) {
      throw JobProblem.permanent(what + " cannot go to an output file: its name " + wrong);
    }
    Path file = scratch.out().resolve(name);
    Files.createDirectories(file.getParent());
    return Redirect.appendTo(file.toFile());
  }

  private Execution ended(Exit exit) throws IOException, JobProblem {
    if (exit.leftovers() > 0) {
      log.add("ended " + exit.leftovers() + " process(es) that the command had left running");
    }
    if (exit.timedOut()) {
      cleanUp = scratch::delete; // not for others, since something may have survived
      Duration limit = Duration.ofMillis(spec.timeoutMillis());
      return failed(JobProblem.passing(ExitWords.timeout(limit, "")), -1, exit.took());
    }
    if (!spec.successCodes().contains(exit.code())) {
      JobProblem problem = place.explain(exit.code(), words(), argv);
      if (Disk.full(scratch.root())) {
        problem = Disk.andFull(problem, scratch.root());
        scratch.freeSpace();
      }
      return failed(problem, exit.code(), exit.took());
    }
    try {
      SortedMap<String, Content> outputs = outputs();
      if (outputs.isEmpty() && namesOutput && spec.zippedOutput() == null) {
        throw JobProblem.passing(
            "wrote nothing to $output, though it ended with code " + exit.code());
      }
      log.finish();
      String tail = log.tail();
      return new Execution(
          exit.code(),
          null,
          false,
          outputs,
          log.content(),
          tail,
          exit.took(),
          argv,
          environment,
          process,
          cleanUp);
    } catch (JobProblem problem) {
      return failed(problem, exit.code(), exit.took());
    }
  }

  private SortedMap<String, Content> outputs() throws IOException, JobProblem {
    String kept = spec.zippedOutput();
    if (kept != null) {
      return ResultNames.zipped(attempt, scratch.work(), kept);
    }
    if (output == null) {
      return new java.util.TreeMap<>();
    }
    OutputFolder folder = new OutputFolder(scratch.out(), place.seen(scratch.out()));
    SortedMap<String, Content> files = folder.files();
    for (String link : folder.links()) {
      log.add(link);
    }
    return ResultNames.apply(attempt, scratch, files);
  }

  /**
   * Returns what the command said last: its log, or its standard error where that went to a file.
   */
  private String words() throws IOException {
    String tail = log.tail();
    String stderr = spec.stderr();
    if (tail.isBlank() && stderr != null) {
      Path file = scratch.out().resolve(stderr);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return JobLog.tail(file.toFile());
      }
    }
    return tail;
  }

  private Execution failed(JobProblem problem, int code, Duration took) throws IOException {
    log.finish();
    return new Execution(
        code,
        problem.reason(),
        problem.permanent(),
        Map.of(),
        log.content(),
        log.tail(),
        took,
        argv,
        environment,
        process,
        cleanUp);
  }
}
