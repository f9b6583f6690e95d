package io.yunpipe.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The word {@code yunpipe} alone, and options that every command has. */
@Command(
    name = "yunpipe",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    sortOptions = false,
    description = "Runs a command, a container or a Java function over many files.",
    footer = {
      "",
      "Exit codes: 0 all succeeded, 1 some jobs failed, 2 bad usage or bad input,",
      "3 the backend failed, 130 interrupted. 'yunpipe COMMAND --help' tells more."
    })
final class Root implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Shows the version.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Shows stack traces of errors, and the log.")
  @SuppressWarnings("unused") // picocli calls it
  private void debug(boolean value) {
    debug = value;
    if (value) {
      // Before anything is logged: see LogSettings.
      System.setProperty(LogSettings.DEBUG, "true");
    }
  }

  private boolean debug;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command.");
  }

  boolean debug() {
    return debug;
  }
}
