package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.Trial;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs an algorithm on one file. */
@Command(
    name = "try",
    sortOptions = false,
    description = "Runs an algorithm on one file as a run would, and shows all that was seen.")
final class TryCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "ALGORITHM",
      description = "An algorithm's file, or the name of a described one.")
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
              "log", trial.log(),
              "outputs", trial.outputs(),
              "outputFolder", trial.outputFolder().toString(),
              "tookMillis", trial.took().toMillis()));
    } else {
      print(trial);
    }
    return trial.succeeded() ? ExitCode.OK : ExitCode.JOBS_FAILED;
  }

  private Algorithm algorithm() {
    return Files.isRegularFile(Path.of(algorithm))
        ? AlgorithmFile.read(Path.of(algorithm))
        : Catalogue.ofUser().get(algorithm);
  }

  private static void print(Trial trial) {
    System.out.println(
        "command      " + String.join(" ", trial.argv().stream().map(Shell::quote).toList()));
    trial
        .environment()
        .forEach((name, value) -> System.out.println("environment  " + name + "=" + value));
    System.out.println("exit code    " + trial.exitCode());
    System.out.println("took         " + trial.took().toMillis() + " ms");
    trial.log().lines().forEach(line -> System.out.println("log          " + line));
    trial
        .outputs()
        .forEach(name -> System.out.println("output       " + trial.outputFolder().resolve(name)));
    System.out.println(
        "result       "
            + (trial.succeeded() ? "success" : "failure: " + trial.reason().orElse("unknown")));
  }
}
