package io.yunpipe.cli;

import java.util.List;
import picocli.CommandLine;

/** The commands by name. */
final class Commands {
  private static final List<String> NAMES =
      List.of(
          "init",
          "run",
          "submit",
          "status",
          "watch",
          "download",
          "logs",
          "cancel",
          "retry",
          "runs",
          "plan",
          "upload-zip",
          "list",
          "download-output",
          "describe",
          "wrap",
          "algorithms",
          "outdated",
          "validate",
          "try",
          "cost",
          "park",
          "clean-up",
          "template",
          "create-lambda-exec-role",
          "orphans",
          "demo",
          "script",
          "completion",
          "warm-up");

  private Commands() {}

  /**
   * Returns a command line that understands these arguments. Picocli inspects each command it knows
   * by reflection, so when the first word is a command, it gets to know that one only.
   */
  static CommandLine forArguments(String... args) {
    if (args.length > 0 && NAMES.contains(args[0])) {
      return configure(root().addSubcommand(args[0], command(args[0])));
    }
    return all();
  }

  /** Returns a command line with all commands. */
  static CommandLine all() {
    CommandLine root = root();
    NAMES.forEach(name -> root.addSubcommand(name, command(name)));
    return configure(root);
  }

  private static CommandLine root() {
    return new CommandLine(new Root());
  }

  private static CommandLine command(String name) {
    // A script's arguments may look like options; they are its own.
    return new CommandLine(create(name)).setStopAtPositional(name.equals("script"));
  }

  /** No map of suppliers: to make them all takes longer than to start one command. */
  private static Object create(String name) {
    return switch (name) {
      case "init" -> new InitCommand();
      case "run" -> new RunCommand();
      case "submit" -> new SubmitCommand();
      case "status" -> new StatusCommand();
      case "watch" -> new WatchCommand();
      case "download" -> new DownloadCommand();
      case "logs" -> new LogsCommand();
      case "cancel" -> new CancelCommand();
      case "retry" -> new RetryCommand();
      case "runs" -> new RunsCommand();
      case "plan" -> new PlanCommand();
      case "upload-zip" -> new UploadZipCommand();
      case "download-output" -> new DownloadOutputCommand();
      case "list" -> new ListCommand();
      case "describe" -> new DescribeCommand();
      case "wrap" -> new WrapCommand();
      case "algorithms" -> new AlgorithmsCommand();
      case "outdated" -> new OutdatedCommand();
      case "validate" -> new ValidateCommand();
      case "try" -> new TryCommand();
      case "cost" -> new CostCommand();
      case "park" -> new ParkCommand();
      case "clean-up" -> new CleanUpCommand();
      case "template" -> new TemplateCommand();
      case "create-lambda-exec-role" -> new CreateRolesCommand();
      case "orphans" -> new OrphansCommand();
      case "demo" -> new DemoCommand();
      case "script" -> new ScriptCommand();
      case "completion" -> new CompletionCommand();
      case "warm-up" -> new WarmUpCommand();
      default -> throw new IllegalArgumentException("no command is named " + name);
    };
  }

  private static CommandLine configure(CommandLine root) {
    root.setExecutionExceptionHandler(new Errors());
    root.setParameterExceptionHandler(Errors::usage);
    root.setAbbreviatedOptionsAllowed(false);
    return root;
  }
}
