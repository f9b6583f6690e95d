package io.yunpipe.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a completion script. */
@Command(
    name = "completion",
    sortOptions = false,
    description = {
      "Prints a script that lets the Tab key complete.",
      "In ~/.bashrc or ~/.zshrc:  source <(yunpipe completion)"
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells that read the script; it is the same for both. */
  enum Kind {
    bash,
    zsh
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SHELL",
      description = "${COMPLETION-CANDIDATES}; the script is the same for both.")
  @SuppressWarnings("unused") // so far nothing depends on it
  private Kind shell = Kind.bash;

  @Override
  public Integer call() {
    System.out.print(AutoComplete.bash("yunpipe", Commands.all()));
    System.out.print("\n");
    return ExitCode.OK;
  }
}
