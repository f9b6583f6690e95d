package io.yunpipe.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The commands by name. */
final class Commands {
  private static final Map<String, Supplier<Object>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("run", RunCommand::new);
    BY_NAME.put("submit", SubmitCommand::new);
    BY_NAME.put("status", StatusCommand::new);
    BY_NAME.put("watch", WatchCommand::new);
    BY_NAME.put("download", DownloadCommand::new);
    BY_NAME.put("logs", LogsCommand::new);
    BY_NAME.put("cancel", CancelCommand::new);
    BY_NAME.put("retry", RetryCommand::new);
    BY_NAME.put("runs", RunsCommand::new);
    BY_NAME.put("plan", PlanCommand::new);
    BY_NAME.put("list", ListCommand::new);
    BY_NAME.put("describe", DescribeCommand::new);
    BY_NAME.put("algorithms", AlgorithmsCommand::new);
    BY_NAME.put("validate", ValidateCommand::new);
    BY_NAME.put("try", TryCommand::new);
    BY_NAME.put("clean-up", CleanUpCommand::new);
    BY_NAME.put("demo", DemoCommand::new);
    BY_NAME.put("script", ScriptCommand::new);
    BY_NAME.put("completion", CompletionCommand::new);
  }

  private Commands() {}

  /**
   * Returns a command line that understands these arguments. Picocli inspects each command it knows
   * by reflection, so when the first word is a command, it gets to know that one only.
   */
  static CommandLine forArguments(String... args) {
    if (args.length > 0 && BY_NAME.containsKey(args[0])) {
      return configure(root().addSubcommand(args[0], command(args[0])));
    }
    return all();
  }

  /** Returns a command line with all commands. */
  static CommandLine all() {
    CommandLine root = root();
    BY_NAME.keySet().forEach(name -> root.addSubcommand(name, command(name)));
    return configure(root);
  }

  private static CommandLine root() {
    return new CommandLine(new Root());
  }

  private static CommandLine command(String name) {
    Supplier<Object> supplier = BY_NAME.get(name);
    if (supplier == null) {
      throw new IllegalArgumentException("no command is named " + name);
    }
    // A script's arguments may look like options; they are its own.
    return new CommandLine(supplier.get()).setStopAtPositional(name.equals("script"));
  }

  private static CommandLine configure(CommandLine root) {
    root.setExecutionExceptionHandler(new Errors());
    root.setParameterExceptionHandler(Errors::usage);
    root.setAbbreviatedOptionsAllowed(false);
    return root;
  }
}
