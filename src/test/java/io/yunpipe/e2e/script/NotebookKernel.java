package io.yunpipe.e2e.script;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager;
import org.dflib.jjava.jupyter.kernel.magic.MagicParser;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.jspecify.annotations.Nullable;

/**
 * A Jupyter kernel for Java as users have them: JShell in the kernel's own process, over JJava's
 * protocol library. As such kernels do, it shows an exception's message, and nothing of its causes.
 */
final class NotebookKernel extends BaseKernel {
  private static final @Nullable HistoryManager NO_HISTORY = null;

  private final JShell shell;

  @SuppressWarnings("NullAway") // the library takes null for no history
  private NotebookKernel(String classPath) {
    super(
        "java",
        "1",
        new LanguageInfo.Builder("Java").fileExtension(".jshell").mimetype("text/x-java").build(),
        List.of(),
        NO_HISTORY,
        new JupyterIO(StandardCharsets.UTF_8),
        new CommManager(),
        new Renderer(),
        new MagicParser("^\\s*%", "%%", new MagicTranspiler()),
        new MagicsRegistry(),
        false,
        new StringStyler.Builder().build());
    shell =
        JShell.builder()
            .executionEngine("local")
            .compilerOptions("-classpath", classPath, "-Xlint:none")
            .build();
  }

  /** Serves one notebook; the argument is Jupyter's connection file. */
  public static void main(String[] args) throws Exception {
    JupyterConnection connection =
        new JupyterConnection(KernelConnectionProperties.parse(Files.readString(Path.of(args[0]))));
    new NotebookKernel(System.getProperty("java.class.path"))
        .becomeHandlerForConnection(connection);
    connection.connect();
    connection.waitUntilClose();
    System.exit(0);
  }

  @Override
  @SuppressWarnings("NullAway") // null: the cell has no value
  public Object evalRaw(String cell) {
    String value = null;
    String rest = cell;
    while (!rest.isBlank()) {
      CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      String source = info.completeness().isComplete() ? info.source() : rest;
      for (SnippetEvent event : shell.eval(source)) {
        check(event);
        value = isExpression(event.snippet()) ? event.value() : null;
      }
      rest = info.completeness().isComplete() ? info.remaining() : "";
    }
    return value;
  }

  /** JShell keeps the value of a call in a variable of its own. */
  private static boolean isExpression(Snippet snippet) {
    return snippet.kind() == Snippet.Kind.EXPRESSION
        || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
  }

  private void check(SnippetEvent event) {
    if (event.status() == Snippet.Status.REJECTED) {
      String messages =
          String.join(
              "\n",
              shell
                  .diagnostics(event.snippet())
                  .filter(Diag::isError)
                  .map(error -> error.getMessage(Locale.ROOT))
                  .toList());
      throw new IllegalArgumentException(messages + " in " + event.snippet().source());
    }
    if (event.exception() instanceof EvalException thrown) {
      throw new IllegalStateException(thrown.getExceptionClassName() + ": " + thrown.getMessage());
    }
    if (event.exception() != null) {
      throw new IllegalStateException(event.exception());
    }
  }

  @Override
  public List<String> formatError(Throwable thrown) {
    return List.of(String.valueOf(thrown.getMessage()));
  }

  @Override
  public void interrupt() {
    shell.stop();
  }

  @Override
  @SuppressWarnings("NullAway") // null: nothing to show
  public DisplayData inspect(String code, int at, boolean extra) {
    return null;
  }

  @Override
  @SuppressWarnings("NullAway") // null: nothing to offer
  public ReplacementOptions complete(String code, int at) {
    return null;
  }

  @Override
  public String isComplete(String code) {
    return IS_COMPLETE_YES;
  }
}
