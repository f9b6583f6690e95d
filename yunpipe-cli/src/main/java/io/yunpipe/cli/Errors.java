package io.yunpipe.cli;

import io.yunpipe.BackendException;
import io.yunpipe.JobFailedException;
import io.yunpipe.YunpipeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one message and an exit code. */
final class Errors implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine commandLine, ParseResult parsed) {
    // Who was interrupted has said how to go on.
    if (!(thrown instanceof InterruptedException)) {
      Messages.error(message(thrown));
    }
    if (debug(commandLine)) {
      thrown.printStackTrace(System.err);
    } else if (!expected(thrown)) {
      Messages.say("This is an error in yunpipe; --debug shows where.");
    }
    return code(thrown);
  }

  /** Handles arguments that cannot be understood. */
  static int usage(ParameterException thrown, String[] args) {
    CommandLine commandLine = thrown.getCommandLine();
    boolean unknownCommand =
        thrown instanceof UnmatchedArgumentException
            && commandLine.getParent() == null
            && args.length > 0
            && !args[0].startsWith("-");
    Messages.error(
        unknownCommand
            ? "No command is named " + args[0] + "."
            : String.valueOf(thrown.getMessage()));
    if (debug(commandLine)) {
      thrown.printStackTrace(System.err);
    }
    if (!unknownCommand || !UnmatchedArgumentException.printSuggestions(thrown, System.err)) {
      System.err.print(commandLine.getHelp().synopsisHeading());
      System.err.print(commandLine.getHelp().synopsis(0));
    }
    System.err.println("'" + commandLine.getCommandSpec().qualifiedName() + " --help' tells more.");
    return ExitCode.BAD_INPUT;
  }

  static int code(Throwable thrown) {
    if (thrown instanceof InterruptedException) {
      return ExitCode.INTERRUPTED;
    }
    if (thrown instanceof JobFailedException) {
      return ExitCode.JOBS_FAILED;
    }
    return expected(thrown) && !(thrown instanceof BackendException) && !isIo(thrown)
        ? ExitCode.BAD_INPUT
        : ExitCode.BACKEND_FAILED;
  }

  static String message(Throwable thrown) {
    if (thrown instanceof UncheckedIOException wrapper && wrapper.getCause() != null) {
      return message(wrapper.getCause());
    }
    if (thrown instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist.";
    }
    // The message of these is often the file alone.
    boolean named =
        thrown instanceof YunpipeException || thrown instanceof IllegalArgumentException;
    String message = thrown.getMessage();
    if (message != null && (named || thrown instanceof IllegalStateException)) {
      return message;
    }
    return thrown instanceof FileSystemException file && file.getReason() != null
        ? file.getFile() + ": " + file.getReason()
        : thrown.toString();
  }

  /** Whether the user can do something about it, so that a stack trace would not help. */
  private static boolean expected(Throwable thrown) {
    return thrown instanceof YunpipeException
        || thrown instanceof IllegalArgumentException
        || thrown instanceof IllegalStateException
        || thrown instanceof InterruptedException
        || isIo(thrown);
  }

  private static boolean isIo(Throwable thrown) {
    return thrown instanceof IOException || thrown instanceof UncheckedIOException;
  }

  private static boolean debug(CommandLine commandLine) {
    CommandLine top = commandLine;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return top.getCommand() instanceof Root root && root.debug();
  }
}
