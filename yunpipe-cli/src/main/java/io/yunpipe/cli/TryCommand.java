package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Trial;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs an algorithm on one file. */
@Command(
    name = "try",
    sortOptions = false,
    description = {
      "Runs an algorithm on one file as a run would, and shows all that was seen. A wrapped image",
      "runs with the worker in it, as on AWS. Ends with the algorithm's exit code."
    })
final class TryCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "ALGORITHM",
      description = {
        "An algorithm's file, the name of a described one, or an image, whose last part, such as",
        "cells in lab/cells:1.0, may name a described algorithm; else its own entry point runs."
      })
  private String algorithm = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The input.")
  private Path input = Path.of("");

  @Option(
      names = {"-v", "--variable"},
      paramLabel = "NAME=VALUE",
      description = "Sets a variable of the algorithm. May be repeated.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Trial trial = algorithm().tryOn(input, variables);
    if (json) {
      JsonText.print(
          JsonText.map(
              "succeeded", trial.succeeded(),
              "reason", trial.reason().orElse(null),
              "exitCode", trial.exitCode(),
              "argv", trial.argv(),
              "environment", trial.environment(),
              "process", trial.process(),
              "log", trial.log(),
              "outputs", trial.outputs(),
              "outputFolder", trial.outputFolder().toString(),
              "tookMillis", trial.took().toMillis()));
    } else {
      print(trial);
    }
    return exitCode(trial);
  }

  /** An algorithm may have failed although its process did not, as without outputs. */
  private static int exitCode(Trial trial) {
    if (trial.exitCode() > 0) {
      return trial.exitCode();
    }
    return trial.succeeded() ? ExitCode.OK : ExitCode.JOBS_FAILED;
  }

  private Algorithm algorithm() {
    Catalogue catalogue = Catalogue.ofUser();
    if (Files.isRegularFile(Path.of(algorithm))) {
      return AlgorithmFile.read(Path.of(algorithm));
    }
    if (catalogue.find(algorithm).isPresent() || !algorithm.matches(".*[/:@].*")) {
      return catalogue.get(algorithm);
    }
    if (algorithm.endsWith(".json") || algorithm.endsWith(".conf")) {
      throw new InvalidInputException("Could not try " + algorithm + ": there is no such file.");
    }
    String name = name(algorithm);
    return catalogue.find(name).isPresent()
        ? catalogue.get(name).toBuilder().image(algorithm).build()
        : Algorithm.image(name, algorithm, "");
  }

  /** Returns the last part of an image's name. */
  static String name(String image) {
    String name = image.replaceFirst("@.*", "").replaceFirst(".*/", "").replaceFirst(":.*", "");
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
  }

  private static void print(Trial trial) {
    System.out.println(
        "command      "
            + Messages.printed(String.join(" ", trial.argv().stream().map(Shell::quote).toList())));
    if (trial.process().contains("--cap-drop")) {
      System.out.println(
          "container    " + String.join(" ", trial.process().stream().map(Shell::quote).toList()));
      System.out.println("limits       " + limits(trial.process()));
    }
    trial
        .environment()
        .forEach(
            (name, value) ->
                System.out.println("environment  " + Messages.printed(name + "=" + value)));
    System.out.println("exit code    " + trial.exitCode());
    System.out.println("took         " + trial.took().toMillis() + " ms");
    trial.log().lines().forEach(line -> System.out.println("log          " + line));
    trial
        .outputs()
        .forEach(
            name ->
                System.out.println(
                    "output       "
                        + Messages.printed(trial.outputFolder().resolve(name).toString())));
    System.out.println(
        "result       "
            + (trial.succeeded() ? "success" : "failure: " + trial.reason().orElse("unknown")));
  }

  /** Returns what an engine's arguments say of the limits. */
  static String limits(List<String> process) {
    List<String> limits = new ArrayList<>();
    for (String name : List.of("cpus", "memory", "pids-limit", "gpus", "network")) {
      int at = process.indexOf("--" + name);
      if (at >= 0 && at + 1 < process.size()) {
        limits.add(name + " " + process.get(at + 1));
      }
    }
    return String.join(", ", limits);
  }
}
