package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.Resources;
import io.yunpipe.Stage;
import io.yunpipe.Trial;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.Backends;
import io.yunpipe.internal.InputRef;
import io.yunpipe.internal.JobMessage;
import io.yunpipe.internal.JobSpec;
import io.yunpipe.internal.Json;
import io.yunpipe.internal.Marker;
import io.yunpipe.internal.Outbox;
import io.yunpipe.internal.Output;
import io.yunpipe.internal.RunPlan;
import io.yunpipe.internal.StagePlan;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs an algorithm once in its wrapped image as AWS does: the image's own entry point, the worker,
 * takes a job from a queue, reads from a store, runs the algorithm beside itself, and commits.
 * Queue and store are a folder of this machine that the container sees.
 */
final class WrappedTrial {
  private static final String RUN = "try";
  private static final String SHARD = "000000";
  private static final String JOB = "job";
  private static final String STORE = "/yunpipe-store";
  private static final int MAX_PROCESSES = 4096;
  private static final int LOG_BYTES = 64 << 10;

  /** AWS starts no smaller containers, and one without a size gets the usual one. */
  private static final long LEAST_MIB = 512;

  private static final long USUAL_MIB = 2048;

  private final AlgorithmSpec algorithm;
  private final ContainerImages.Ready image;
  private final Map<String, String> passed;
  private final boolean imageOfRoot;
  private final ContainerEngine engine;
  private final Path folder;

  /** For this user alone, whatever the container makes below it. */
  private final Path home;

  private final Path store;
  private final String container = "yunpipe-try-" + Long.toHexString(System.nanoTime());

  /**
   * Creates it.
   *
   * @param image the wrapped image
   * @param folder for the outputs; must be there
   */
  WrappedTrial(
      AlgorithmSpec algorithm,
      ContainerImages.WithWorker image,
      ContainerEngine engine,
      Path folder) {
    this.algorithm = algorithm.once();
    this.image = image.image();
    this.passed = image.passed();
    this.imageOfRoot = image.root();
    this.engine = engine;
    this.folder = folder;
    home = folder.resolveSibling(folder.getFileName() + "-store");
    store = home.resolve("store");
  }

  /** Runs it; the keys of inputs and staged objects are paths of files on this machine. */
  Trial run(String name, Iterable<InputRef> inputs)
      throws IOException, JobProblem, InterruptedException {
    Files.createDirectory(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createDirectory(store);
    Path log = Files.createTempFile("yunpipe-try-", ".log");
    try {
      send(name, inputs);
      boolean root = (Integer) Files.getAttribute(store, "unix:uid") == 0;
      if (root && !imageOfRoot) {
        open(store);
      }
      List<String> command = command(root);
      int code = start(command, log);
      if (engine.lacksInit(command.contains("--init"), code, end(log))) {
        command = command(root);
        code = start(command, log);
      }
      return trial(command, code, end(log));
    } finally {
      Files.deleteIfExists(log);
      FileTrees.delete(home);
    }
  }

  private static String end(Path log) throws IOException {
    try (SeekableByteChannel in = Files.newByteChannel(log)) {
      in.position(Math.max(0, in.size() - LOG_BYTES));
      return new String(Channels.newInputStream(in).readNBytes(LOG_BYTES), StandardCharsets.UTF_8);
    }
  }

  private Backend opened() {
    return Backends.find("local")
        .open(
            new BackendContext(
                RUN,
                Map.of("directory", store.toString(), "fsync", "false"),
                Map.of(),
                Clock.systemUTC()));
  }

  private RunPlan plan(AlgorithmSpec stored) {
    StagePlan stage =
        new StagePlan(
            algorithm.name(), stored, List.of(), Stage.Kind.EACH, "**", null, Map.of(), true);
    return new RunPlan(JobMessage.VERSION, RUN, 1, RUN, 0, List.of(stage), null, 0, null);
  }

  private void send(String name, Iterable<InputRef> inputs) throws IOException {
    try (Backend backend = opened()) {
      List<InputRef> sent = new ArrayList<>();
      for (InputRef input : inputs) {
        sent.add(stored(backend.store(), input, "in/" + sent.size()));
      }
      RunPlan plan = plan(algorithm.staged(file -> stored(backend.store(), file, file.sha256())));
      backend.store().putIfAbsent(plan.keys().plan(), Content.of(Json.bytes(plan)));
      JobSpec job = new JobSpec(JOB, JOB, name, sent, null, Map.of(), null, 0);
      Outbox outbox = new Outbox(plan, backend.store());
      outbox.add(algorithm.name(), SHARD, List.of(job));
      outbox.send(backend::queue, Duration.ZERO);
    }
  }

  private static InputRef stored(ObjectStore to, InputRef file, String key) {
    Stored stored = to.put("files/" + key, Content.of(Path.of(String.valueOf(file.key()))));
    return new InputRef(file.name(), "files/" + key, file.size(), stored.sha256(), null);
  }

  /**
   * Lets the worker write, whoever it is; nobody else of this machine gets through the folder
   * above.
   */
  private static void open(Path store) throws IOException {
    try (Stream<Path> all = Files.walk(store)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.setPosixFilePermissions(
            path,
            PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxrwxrwx" : "rw-rw-rw-"));
      }
    }
  }

  /**
   * The rights of a container of AWS that the worker uses if it is root: to start the algorithm as
   * somebody else and to give it its folder. Another user has none there, but podman would give it
   * those that are named.
   */
  private List<String> command(boolean root) throws IOException, JobProblem, InterruptedException {
    boolean podman = engine.isPodman();
    ContainerArguments arguments = new ContainerArguments(engine.program().toString(), container);
    arguments.rights(
        root && imageOfRoot
            ? List.of("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID")
            : List.of(),
        podman,
        algorithm.network() || !algorithm.ports().isEmpty(),
        MAX_PROCESSES);
    Resources resources = algorithm.resources();
    long memory = resources.memoryMib() == 0 ? USUAL_MIB : resources.memoryMib();
    arguments.limit(resources, Math.max(memory, LEAST_MIB), podman);
    if (engine.withInit()) {
      arguments.add("--init");
    }
    if (!root) {
      arguments.user(store, podman);
    }
    arguments.mount(store, STORE, true);
    environment().forEach((variable, value) -> arguments.add("--env", variable + "=" + value));
    arguments.command(image.reference(), List.of());
    return arguments.list();
  }

  /**
   * What a job definition says of a stage, with this backend instead of AWS's. No secret is in it.
   */
  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("YUNPIPE_BACKEND", "local");
    environment.put("YUNPIPE_LOCAL_DIRECTORY", STORE);
    environment.put("YUNPIPE_LOCAL_FSYNC", "false");
    environment.put("YUNPIPE_PIPELINE", RUN);
    environment.put("YUNPIPE_STAGE", algorithm.name());
    environment.put("YUNPIPE_INSIDE", "true");
    environment.put("YUNPIPE_IDLE", "0s");
    return environment;
  }

  private int start(List<String> command, Path log) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      end(process);
      throw e;
    }
  }

  private void end(Process process) {
    try {
      engine.run("rm", "--force", container);
    } catch (IOException | JobProblem e) {
      process.destroy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private Trial trial(List<String> command, int code, String said) throws IOException {
    try (Backend backend = opened()) {
      RunPlan plan = plan(algorithm);
      String key = plan.keys().done(algorithm.name(), SHARD, JOB);
      Optional<Marker> committed =
          backend.store().read(key).map(json -> Json.read(json, Marker.class, key));
      if (committed.isEmpty()) {
        throw new BackendException(
            "Could not try "
                + algorithm.name()
                + ": the worker in image "
                + image.reference()
                + " ended with code "
                + code
                + " and without a result. It said: "
                + LogText.lastLine(said),
            null);
      }
      Marker marker = committed.get();
      List<String> outputs = new ArrayList<>();
      for (Output output : marker.out()) {
        copy(backend.store(), marker.key(output), folder.resolve(output.name()).normalize());
        outputs.add(output.name());
      }
      return new Trial(
          algorithm.argv().isEmpty() ? image.command() : algorithm.argv(),
          environmentOfAlgorithm(),
          marker.exit(),
          marker.ok(),
          Optional.ofNullable(marker.reason()),
          log(backend.store(), marker),
          outputs,
          folder,
          Duration.ofMillis(marker.took()),
          command);
    }
  }

  /** Besides, the worker gives it folders of its own as HOME and TMPDIR, and a mark. */
  private Map<String, String> environmentOfAlgorithm() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("LANG", "C.UTF-8");
    environment.put("LC_ALL", "C.UTF-8");
    environment.putAll(passed);
    environment.putAll(algorithm.variables());
    return environment;
  }

  private void copy(ObjectStore from, String key, Path file) throws IOException {
    if (!file.startsWith(folder)) {
      throw new IOException("output " + key + " would lie outside " + folder);
    }
    try (InputStream in =
        from.get(key).orElseThrow(() -> new IOException("output " + key + " is gone"))) {
      Files.createDirectories(file.getParent());
      Files.copy(in, file);
    }
  }

  private static String log(ObjectStore store, Marker marker) {
    return Optional.ofNullable(marker.log())
        .flatMap(store::read)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }
}
