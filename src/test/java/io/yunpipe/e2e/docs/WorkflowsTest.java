package io.yunpipe.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkflowsTest {
  private static final String TEXT = Documents.read(Documents.ROOT.resolve("docs/workflows.md"));

  @TempDir Path folder;

  static List<String> pipelineFiles() {
    return Documents.blocks(TEXT, "hocon");
  }

  @ParameterizedTest
  @MethodSource("pipelineFiles")
  void pipelineFile_ofTheDocument_loads(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("example.conf"), text);
    try (Pipeline pipeline = Pipeline.load(file)) {
      assertThat(pipeline.workflow().stages()).isNotEmpty();
    }
  }

  @Test
  void java_ofTheDocument_compiles() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String block : Documents.blocks(TEXT, "java")) {
      String name = "Example" + sources.size();
      sources.add(
          Files.writeString(
              folder.resolve(name + ".java"),
              """
              import io.yunpipe.*;
              import java.nio.file.*;
              import java.time.*;
              import java.util.*;
              class %s {
                void example() throws Exception {
              %s
                }
              }
              """
                  .formatted(name, block)));
    }
    assertThat(errors(sources)).isEmpty();
  }

  private List<String> errors(List<Path> sources) throws IOException {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              folder.toString(),
              "-classpath",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(
                  null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      return Stream.concat(
              found.getDiagnostics().stream().map(Object::toString),
              compiled ? Stream.of() : Stream.of("not compiled"))
          .toList();
    }
  }
}
