package io.yunpipe.cli;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a script in this process, piece by piece, and stops at the first error. Errors name the
 * script's file and line.
 */
final class ScriptRunner {
  private static final List<String> IMPORTS =
      List.of(
          "java.io",
          "java.math",
          "java.net",
          "java.nio.file",
          "java.util",
          "java.util.concurrent",
          "java.util.function",
          "java.util.prefs",
          "java.util.regex",
          "java.util.stream",
          "io.yunpipe");

  private final ScriptText script;
  private final List<String> args;
  private final PrintStream err;
  private final Map<String, Integer> offsets = new HashMap<>();

  ScriptRunner(ScriptText script, List<String> args, PrintStream err) {
    this.script = script;
    this.args = args;
    this.err = err;
  }

  /**
   * Returns the exit code: 0, 1 after an exception, 2 after a compile error, or what /exit says.
   */
  int run() {
    String classPath = System.getProperty("java.class.path", "");
    try (JShell shell =
        JShell.builder()
            .executionEngine("local")
            .compilerOptions("-classpath", classPath, "-Xlint:none")
            .build()) {
      List<ScriptParser.Piece> pieces =
          new ScriptParser(shell.sourceCodeAnalysis(), script.text()).parse();
      for (ScriptParser.Piece piece : pieces) {
        if (piece instanceof ScriptParser.Code java && java.broken()) {
          evaluate(shell, java);
          return ExitCode.BAD_INPUT;
        }
      }
      IMPORTS.forEach(name -> shell.eval("import " + name + ".*;"));
      shell.eval("String[] args = {" + literals(args) + "};");
      for (ScriptParser.Piece piece : pieces) {
        Integer code =
            piece instanceof ScriptParser.Code java
                ? evaluate(shell, java)
                : toolLine((ScriptParser.ToolLine) piece);
        if (code != null) {
          return code;
        }
      }
      return unresolved(shell) ? ExitCode.BAD_INPUT : ExitCode.OK;
    }
  }

  private @Nullable Integer evaluate(JShell shell, ScriptParser.Code piece) {
    for (SnippetEvent event : shell.eval(piece.source())) {
      offsets.put(event.snippet().id(), piece.offset());
      if (event.causeSnippet() != null) {
        continue;
      }
      if (event.status() == Snippet.Status.REJECTED) {
        shell
            .diagnostics(event.snippet())
            .filter(Diag::isError)
            .forEach(error -> say(piece, error));
        return ExitCode.BAD_INPUT;
      }
      if (event.exception() != null) {
        return thrown(shell, event.exception());
      }
      if (!args.isEmpty() && declaresArgs(event.snippet())) {
        shell.eval("args = new String[] {" + literals(args) + "};");
      }
    }
    return null;
  }

  /** The jshell tool has no arguments: scripts for both declare args with what it is to use. */
  private static boolean declaresArgs(Snippet snippet) {
    return snippet instanceof VarSnippet variable
        && variable.name().equals("args")
        && variable.typeName().equals("String[]");
  }

  private @Nullable Integer toolLine(ScriptParser.ToolLine line) {
    String command = "/" + line.command();
    if (command.equals("/exit")) {
      try {
        return line.argument().isEmpty() ? 0 : Integer.parseInt(line.argument());
      } catch (NumberFormatException e) {
        err.println(script.at(line.offset()) + ": error: /exit takes a number only in a script");
        return ExitCode.BAD_INPUT;
      }
    }
    if (command.equals("/set")) {
      // Says how the tool shows values; nothing is shown here.
      return null;
    }
    err.println(
        script.at(line.offset())
            + ": error: "
            + command
            + " is for the jshell tool; a script may have Java, /exit and /set only");
    return ExitCode.BAD_INPUT;
  }

  private void say(ScriptParser.Code piece, Diag error) {
    int offset = piece.offset() + (int) Math.max(0, error.getPosition());
    List<String> message =
        error
            .getMessage(Locale.getDefault())
            .lines()
            // The class around a script's code is nothing that its author wrote.
            .filter(line -> !line.strip().equals("location: class"))
            .toList();
    err.println(script.at(offset) + ": error: " + message.get(0));
    err.println("  " + script.lineAt(offset));
    err.println("  " + " ".repeat(script.column(offset)) + "^");
    message.stream().skip(1).forEach(err::println);
  }

  private int thrown(JShell shell, JShellException exception) {
    if (exception instanceof UnresolvedReferenceException unresolved) {
      sayUnresolved(shell, unresolved.getSnippet());
      return ExitCode.BAD_INPUT;
    }
    String prefix = "Exception ";
    for (Throwable at = exception; at != null; at = at.getCause()) {
      err.println(prefix + describe(at));
      for (StackTraceElement element : at.getStackTrace()) {
        err.println("\tat " + element(element));
      }
      prefix = "Caused by: ";
    }
    return ExitCode.JOBS_FAILED;
  }

  private static String describe(Throwable thrown) {
    String name =
        thrown instanceof EvalException user
            ? user.getExceptionClassName()
            : thrown.getClass().getName();
    return name + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage());
  }

  /** JShell names the script's own frames {@code #12:3}: piece 12, its third line. */
  private String element(StackTraceElement element) {
    String file = element.getFileName();
    Integer offset = file != null && file.startsWith("#") ? offsets.get(file.substring(1)) : null;
    if (offset == null) {
      return element.toString();
    }
    String at = script.at(offset, Math.max(1, element.getLineNumber()));
    return element.getMethodName().isEmpty() ? at : element.getMethodName() + " (" + at + ")";
  }

  /** Declarations whose needs never came would be silent otherwise. */
  private boolean unresolved(JShell shell) {
    List<Snippet> open =
        shell
            .snippets()
            .filter(
                snippet ->
                    shell.status(snippet) == Snippet.Status.RECOVERABLE_DEFINED
                        || shell.status(snippet) == Snippet.Status.RECOVERABLE_NOT_DEFINED)
            .toList();
    open.forEach(snippet -> sayUnresolved(shell, (DeclarationSnippet) snippet));
    return !open.isEmpty();
  }

  private void sayUnresolved(JShell shell, DeclarationSnippet snippet) {
    err.println(
        script.at(offsets.getOrDefault(snippet.id(), 0))
            + ": error: "
            + snippet.name()
            + " needs what the script has not defined: "
            + shell.unresolvedDependencies(snippet).collect(Collectors.joining(", ")));
  }

  private static String literals(List<String> args) {
    return args.stream().map(ScriptRunner::literal).collect(Collectors.joining(", "));
  }

  /** Returns the text as a Java literal; anything unusual as its number. */
  private static String literal(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        literal.append('\\').append(c);
      } else if (c >= ' ' && c < 127) {
        literal.append(c);
      } else if (c < 128) {
        // The compiler would take a line break's number as a line break.
        literal.append(String.format(Locale.ROOT, "\\%03o", (int) c));
      } else {
        literal.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return literal.append('"').toString();
  }
}
