package io.yunpipe.cli;

import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a JShell file as a batch job. */
@Command(
    name = "script",
    sortOptions = false,
    description = {
      "Runs a JShell file as a batch job.",
      "The script has String[] args, the imports of jshell and io.yunpipe.*; errors name file",
      "and line. Exit codes: 0, 1 after an exception, 2 after a compile error, or the script's",
      "own from System.exit(n) or /exit n. Arguments given here replace those of a line such",
      "as String[] args = {\"images\"}; which serves the jshell tool, which takes none."
    })
final class ScriptCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The script.")
  private Path file = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ARG",
      description = "Arguments, which the script has as args.")
  private List<String> args = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException("The script " + file + " does not exist or is no file.");
    }
    ScriptText script = new ScriptText(file, Files.readString(file));
    return new ScriptRunner(script, args, System.err).run();
  }
}
