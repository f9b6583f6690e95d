package io.yunpipe.cli;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Asks the compiler's parser whether text is Java; nothing is resolved. */
final class JavaSyntax {
  private final @Nullable JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

  /** Returns whether the text is statements, an expression, members of a class, or imports. */
  boolean isValid(String text) {
    String statement = text.stripTrailing();
    // On a line of its own, since the text may end with a comment.
    String end = statement.endsWith(";") || statement.endsWith("}") ? "" : "\n;";
    return parses("class C { Object m() throws Throwable { " + text + end + "\n} }")
        || parses("class C { " + text + end + "\n}")
        || parses(text);
  }

  private boolean parses(String unit) {
    if (compiler == null) {
      return true;
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, found, List.of(), null, List.of(new Source(unit)));
    try {
      task.parse();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
    return found.getDiagnostics().stream()
        .noneMatch(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///C.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
