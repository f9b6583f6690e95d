package io.yunpipe.internal;

import io.yunpipe.Algorithm;
import io.yunpipe.InvalidInputException;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Stage;
import io.yunpipe.Staging;
import io.yunpipe.Variable;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Stored;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns definitions into what is written into a run's plan. */
public final class Planner {
  private Planner() {}

  /** Stores the files that come with algorithms and returns the stages of a run. */
  static List<StagePlan> stages(
      PipelineDefinition definition, Map<String, String> instanceTypes, ObjectStore store) {
    List<StagePlan> plans = new ArrayList<>();
    for (Stage stage : definition.workflow().stages()) {
      boolean last =
          definition.workflow().stages().stream()
              .noneMatch(other -> other.after().contains(stage.name()));
      plans.add(
          new StagePlan(
              stage.name(),
              spec(definition, stage, file -> storeFile(store, file)),
              stage.after(),
              stage.kind(),
              stage.select(),
              stage.kind() == Stage.Kind.GATHER ? PolicyText.of(stage.failurePolicy()) : null,
              stage.matrix(),
              stage.keep().orElse(last),
              instanceTypes.getOrDefault(stage.name(), stage.instanceType().orElse(null))));
    }
    return plans;
  }

  /** Returns an algorithm as a trial runs it: files that come with it are read where they lie. */
  public static AlgorithmSpec trial(
      Algorithm algorithm,
      Map<String, String> variables,
      java.util.function.Function<Path, InputRef> files) {
    Stage.Builder stage = Stage.builder(algorithm);
    variables.forEach(stage::putVariable);
    Stage checked = io.yunpipe.Workflow.of(List.of(stage.build())).stages().get(0);
    return spec(checked, files, "plain", false);
  }

  private static AlgorithmSpec spec(
      PipelineDefinition definition,
      Stage stage,
      java.util.function.Function<Path, InputRef> files) {
    return spec(stage, files, definition.naming(), definition.zipResults());
  }

  private static AlgorithmSpec spec(
      Stage stage,
      java.util.function.Function<Path, InputRef> files,
      String naming,
      boolean zipResults) {
    Algorithm algorithm = stage.algorithm();
    Map<String, String> variables = new LinkedHashMap<>();
    for (Variable variable : algorithm.variables()) {
      String value = stage.variables().getOrDefault(variable.name(), variable.defaultValue());
      if (value != null) {
        variables.put(variable.name(), value);
      }
    }
    return new AlgorithmSpec(
        algorithm.name(),
        algorithm.function().isPresent(),
        algorithm.image().orElse(null),
        algorithm.argv(),
        variables,
        stage.ports(),
        stage.resources(),
        algorithm.retry(),
        algorithm.timeout().map(limit -> limit.toMillis()).orElse(0L),
        algorithm.successCodes(),
        algorithm.network(),
        algorithm.outputMode(),
        algorithm.inputPath(),
        algorithm.outputPath(),
        algorithm.executablePath().orElse(null),
        staging(algorithm, files),
        algorithm.stdin().orElse(null),
        algorithm.stdout().orElse(null),
        algorithm.stderr().orElse(null),
        algorithm.zippedOutput().orElse(null),
        algorithm.zippedExtension(),
        naming,
        zipResults);
  }

  private static List<StagedEntry> staging(
      Algorithm algorithm, java.util.function.Function<Path, InputRef> files) {
    List<StagedEntry> entries = new ArrayList<>();
    for (Staging entry : algorithm.staging()) {
      Path file = entry.file();
      entries.add(
          new StagedEntry(
              entry.path(),
              file == null ? null : files.apply(file),
              entry.text(),
              entry.writable()));
    }
    for (String token : algorithm.argv()) {
      boolean staged = entries.stream().anyMatch(entry -> entry.path().equals(token));
      Optional<Path> file = staged ? Optional.empty() : named(algorithm, token);
      file.ifPresent(path -> entries.add(new StagedEntry(token, files.apply(path), null, false)));
    }
    return entries;
  }

  /** Returns the file that a command's token names, relative to the algorithm's base folder. */
  private static Optional<Path> named(Algorithm algorithm, String token) {
    if (algorithm.image().isPresent()
        || token.contains("$")
        || token.startsWith("-")
        || token.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(token);
      boolean inside = !path.isAbsolute() && !path.normalize().startsWith("..");
      Path file = algorithm.baseFolder().resolve(path);
      return inside && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static InputRef storeFile(ObjectStore store, Path file) {
    try {
      String sha256 = Sha256.of(file);
      String key = "files/" + sha256;
      if (store.head(key).isEmpty()) {
        Stored stored = store.put(key, Content.of(file));
        if (!stored.sha256().equals(sha256)) {
          store.delete(key);
          throw new InvalidInputException(file + " changed while it was read. Submit again.");
        }
      }
      return new InputRef(String.valueOf(file.getFileName()), key, Files.size(file), sha256, null);
    } catch (java.io.IOException e) {
      throw new InvalidInputException(
          "Could not read "
              + file
              + ", which a command names: "
              + e
              + ". Check that it exists and may be read.",
          e);
    }
  }
}
