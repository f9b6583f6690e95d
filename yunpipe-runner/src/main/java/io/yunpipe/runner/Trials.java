package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.JobFunction;
import io.yunpipe.Trial;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.InputRef;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an algorithm on one file of this machine, by the executor that runs use, without a store. An
 * image that a worker was added to runs with that worker, as on AWS.
 */
public final class Trials {
  private static final Logger logger = LoggerFactory.getLogger(Trials.class);

  private Trials() {}

  /**
   * Runs an algorithm once.
   *
   * @param algorithm what to run; the keys of staged objects are paths of files on this machine
   * @param function the Java function, if the algorithm is one
   * @param input a file; or a folder, whose files are then given as a gather's are
   * @param variables values on top of the algorithm's own
   * @return all that was seen; its output folder is for the caller to delete
   * @throws InvalidInputException if there is no such file
   * @throws InterruptedException if the thread is interrupted; the processes have ended then
   */
  public static Trial run(
      AlgorithmSpec algorithm,
      @Nullable JobFunction function,
      Path input,
      Map<String, String> variables,
      ExecutorSettings settings)
      throws InterruptedException {
    Map<String, JobFunction> functions =
        function == null ? Map.of() : Map.of(algorithm.name(), function);
    Map<String, String> values = new LinkedHashMap<>(algorithm.variables());
    values.putAll(variables);
    try {
      List<InputRef> inputs = inputs(input);
      Path folder = Files.createTempDirectory("yunpipe-try-");
      ContainerEngine engine = new ContainerEngine(settings.containerEngine());
      Optional<ContainerImages.WithWorker> wrapped = wrapped(algorithm, engine);
      if (wrapped.isPresent()) {
        return new WrappedTrial(algorithm.with(values), wrapped.get(), engine, folder)
            .run(String.valueOf(input.getFileName()), inputs);
      }
      Attempt attempt =
          new Attempt(
              "try",
              algorithm.name(),
              "try",
              String.valueOf(input.getFileName()),
              "try-" + UUID.randomUUID(),
              algorithm,
              values,
              inputs,
              Files.isDirectory(input),
              algorithm.resources().memoryMib(),
              folder.resolveSibling(folder.getFileName() + "-scratch"));
      try (JobExecutor executor = new DefaultJobExecutor(new TrialStore(), functions, settings);
          Execution execution = executor.execute(attempt)) {
        return trial(execution, folder);
      }
    } catch (JobProblem e) {
      throw new BackendException(
          "Could not try " + algorithm.name() + " on " + input + ": " + e.reason(), null);
    } catch (IOException e) {
      throw new BackendException(
          "Could not try " + algorithm.name() + " on " + input + ": " + e, e);
    }
  }

  /** Returns the image if a worker was added to it; fetches it if need be. */
  private static Optional<ContainerImages.WithWorker> wrapped(
      AlgorithmSpec algorithm, ContainerEngine engine)
      throws IOException, JobProblem, InterruptedException {
    @Nullable String image = algorithm.image();
    return image == null
        ? Optional.empty()
        : new ContainerImages(engine, new TrialStore())
            .wrapped(image, note -> logger.info("{}", note));
  }

  private static List<InputRef> inputs(Path input) throws IOException {
    if (Files.isRegularFile(input)) {
      return List.of(ref(String.valueOf(input.getFileName()), input));
    }
    if (!Files.isDirectory(input)) {
      throw new InvalidInputException("Could not try on " + input + ": there is no such file.");
    }
    List<InputRef> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(input)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        inputs.add(ref(input.relativize(file).toString(), file));
      }
    }
    return inputs;
  }

  private static InputRef ref(String name, Path file) throws IOException {
    return new InputRef(name, file.toAbsolutePath().toString(), Files.size(file), "", null);
  }

  private static Trial trial(Execution execution, Path folder) throws IOException {
    for (Map.Entry<String, Content> output : execution.outputs().entrySet()) {
      Path file = folder.resolve(output.getKey());
      Files.createDirectories(file.getParent());
      try (InputStream from = output.getValue().open()) {
        Files.copy(from, file);
      }
    }
    return new Trial(
        execution.argv(),
        execution.environment(),
        execution.exitCode(),
        execution.succeeded(),
        Optional.ofNullable(execution.reason()),
        text(execution.log()),
        List.copyOf(execution.outputs().keySet()),
        folder,
        execution.took(),
        execution.process());
  }

  private static String text(@Nullable Content log) throws IOException {
    if (log == null) {
      return "";
    }
    try (InputStream from = log.open()) {
      return new String(from.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
