package io.yunpipe.runner;

import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.JobFunction;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import io.yunpipe.internal.InputRef;
import io.yunpipe.internal.Sha256;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes and executes jobs whose inputs are files of a folder. */
final class JobFixture implements AutoCloseable {
  static final ExecutorSettings SETTINGS =
      new ExecutorSettings(Duration.ofMillis(500), 64 << 10, "auto");

  final Path folder;
  final Map<String, JobFunction> functions = new HashMap<>();
  final DefaultJobExecutor executor;

  List<String> argv = List.of();
  boolean function;
  @Nullable String image;
  Map<String, String> variables = new LinkedHashMap<>();
  Set<Port> ports = Set.of();
  Resources resources = Resources.DEFAULT;
  long timeoutMillis;
  Set<Integer> successCodes = Set.of(0);
  boolean network;
  OutputMode outputMode = OutputMode.FOLDER;
  String inputPath = "/yunpipe/in";
  String outputPath = "/yunpipe/out";
  @Nullable String executablePath;
  List<StagedEntry> staging = new ArrayList<>();
  @Nullable String stdin;
  @Nullable String stdout;
  @Nullable String stderr;
  @Nullable String zippedOutput;
  @Nullable String zippedExtension;
  String naming = "plain";
  boolean zipResults;
  @Nullable String pin;

  String run = "run";
  String name = "plate/a.png";
  List<InputRef> inputs = new ArrayList<>();
  boolean gather;
  long memoryMib;
  Path scratch;

  JobFixture(Path folder) {
    this(folder, new TrialStore());
  }

  JobFixture(Path folder, ObjectStore store) {
    this(folder, store, SETTINGS);
  }

  JobFixture(Path folder, ObjectStore store, ExecutorSettings settings) {
    this.folder = folder;
    executor = new DefaultJobExecutor(store, functions, settings);
    scratch = folder.resolve("scratch");
  }

  JobFixture command(String... tokens) {
    argv = List.of(tokens);
    return this;
  }

  JobFixture sh(String script) {
    return command("sh", "-c", script, "sh", "$input", "$output");
  }

  JobFixture input(String inputName, String text) throws IOException {
    inputs.add(stored(inputName, text));
    return this;
  }

  /** Writes a file that the store can read. */
  InputRef stored(String inputName, String text) throws IOException {
    Path file = Files.createTempFile(folder, "object", "");
    Files.writeString(file, text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new InputRef(inputName, file.toString(), bytes.length, Sha256.of(bytes), null);
  }

  JobFixture inline(String inputName, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    inputs.add(new InputRef(inputName, null, bytes.length, Sha256.of(bytes), bytes));
    return this;
  }

  JobFixture function(JobFunction code) {
    function = true;
    functions.put("alg", code);
    return this;
  }

  AlgorithmSpec spec() {
    return new AlgorithmSpec(
        "alg",
        function,
        image,
        argv,
        variables,
        ports,
        resources,
        RetryPolicy.NONE,
        timeoutMillis,
        successCodes,
        network,
        outputMode,
        inputPath,
        outputPath,
        executablePath,
        staging,
        stdin,
        stdout,
        stderr,
        zippedOutput,
        zippedExtension,
        naming,
        zipResults,
        pin);
  }

  Attempt attempt() {
    return new Attempt(
        run,
        "stage",
        "job",
        name,
        "t" + UUID.randomUUID(),
        spec(),
        variables,
        inputs,
        gather,
        memoryMib,
        scratch);
  }

  Execution execute() throws InterruptedException {
    return executor.execute(attempt());
  }

  /** Returns what is left of attempts, apart from empty folders and logs that wait for the next. */
  List<Path> left() throws IOException {
    List<Path> left = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(scratch.getParent()))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String path = scratch.getParent().relativize(file).toString();
        if (path.startsWith("scratch")
            || (path.matches("slot-[^/]+/.+/.+") || path.matches("slot-[^/]+/log.+"))
            || (path.matches("slot-[^/]+/log") && Files.size(file) > 0)) {
          left.add(file);
        }
      }
    }
    return left;
  }

  static Map<String, String> texts(Execution execution) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Content> output : execution.outputs().entrySet()) {
      texts.put(output.getKey(), text(output.getValue()));
    }
    return texts;
  }

  static String text(@Nullable Content content) throws IOException {
    if (content == null) {
      return "";
    }
    try (InputStream in = content.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
