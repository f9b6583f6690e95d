package io.yunpipe.e2e.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.Gson;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.zeromq.ZMQ;

/** Notebooks without a browser, on a kernel that has the shaded jar on its class path. */
class NotebookTest {
  private static final String MISSING =
      "jupyter nbconvert is not installed (Debian: apt-get install jupyter-nbconvert"
          + " python3-nbconvert jupyter-client jupyter-core)";

  @TempDir Path folder;

  @BeforeAll
  static void jupyter() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "jupyter-nbconvert")));
    if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains("jupyter")) {
      assertThat(there).as(MISSING).isTrue();
    }
    assumeTrue(there, MISSING);
  }

  @BeforeEach
  void installKernel() throws IOException {
    String classPath =
        Stream.of(NotebookKernel.class, BaseKernel.class, Gson.class, ZMQ.class, Logger.class)
                .map(
                    type ->
                        Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                            .toString())
                .reduce((one, two) -> one + File.pathSeparator + two)
                .orElseThrow()
            + File.pathSeparator
            + Child.JAR;
    Map<String, Object> spec =
        Map.of(
            "display_name",
            "Java",
            "language",
            "java",
            "interrupt_mode",
            "message",
            "argv",
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                Child.PARALLEL,
                "-cp",
                classPath,
                NotebookKernel.class.getName(),
                "{connection_file}"));
    Path kernel = Files.createDirectories(folder.resolve("jupyter/kernels/java"));
    Files.writeString(kernel.resolve("kernel.json"), new ObjectMapper().writeValueAsString(spec));
  }

  @Test
  void cellStudy_executed_showsStateAndSummary() throws IOException, InterruptedException {
    Files.copy(Child.SAMPLES.resolve("CellStudy.ipynb"), folder.resolve("CellStudy.ipynb"));
    JsonNode notebook = execute("CellStudy.ipynb");
    assertThat(texts(notebook)).as(notebook.toPrettyString()).contains("SUCCEEDED");
    String summary =
        texts(notebook).stream()
            .filter(text -> text.startsWith("image,cells\n"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(notebook.toPrettyString()));
    assertThat(summary.lines().map(line -> line.split(",", -1)[0]))
        .containsAll(CellStudyTest.IMAGES);
    assertThat(texts(notebook)).anyMatch(text -> text.contains("succeeded: smooth 6/6"));
  }

  @Test
  void exception_withoutItsCauses_saysAll() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("settings.conf"), "yunpipe { backend = loacl }\n");
    JsonNode notebook =
        execute(
            notebook(
                "import io.yunpipe.*; import java.nio.file.*;",
                """
                var copy = Algorithm.function("copy", (in, out) -> out.write("out", in.bytes()));
                Pipeline pipeline = Pipeline.builder().stage(copy).build();
                pipeline.submit(Path.of("nowhere"))""",
                "Pipeline.builder().stage(copy).configuration(Path.of(\"settings.conf\")).build()",
                "Pipeline.load(Path.of(\"absent.conf\"))",
                """
                var failing = Algorithm.function("fail", (in, out) -> {
                  throw new IllegalStateException("no light", new RuntimeException("lamp is off"));
                });
                Files.writeString(Path.of("in.txt"), "text");
                Run run = Pipeline.builder().name("failing").stage(failing).build().submit(Path.of("in.txt"));
                run.await();
                run.failed().get(0).reason()"""),
            "--allow-errors");
    assertThat(errors(notebook)).as(notebook.toPrettyString()).hasSize(3);
    assertThat(errors(notebook).get(0)).contains("InvalidInputException: ", "nowhere");
    assertThat(errors(notebook).get(1)).contains("loacl", "local");
    assertThat(errors(notebook).get(2)).contains("absent.conf");
    assertThat(texts(notebook))
        .as(notebook.toPrettyString())
        .anyMatch(text -> text.contains("no light") && text.contains("lamp is off"));
  }

  /** Writes a notebook and returns its name. */
  private String notebook(String... cells) throws IOException {
    ObjectNode all = new ObjectMapper().createObjectNode();
    all.put("nbformat", 4).put("nbformat_minor", 4);
    all.putObject("metadata").putObject("kernelspec").put("name", "java").put("display_name", "J");
    ArrayNode list = all.putArray("cells");
    for (String cell : cells) {
      ObjectNode code = list.addObject().put("cell_type", "code").put("source", cell);
      code.putNull("execution_count");
      code.putObject("metadata");
      code.putArray("outputs");
    }
    Files.writeString(folder.resolve("test.ipynb"), new ObjectMapper().writeValueAsString(all));
    return "test.ipynb";
  }

  private JsonNode execute(String notebook, Object... more)
      throws IOException, InterruptedException {
    Child child =
        Child.run(
            folder,
            Map.of(
                "JUPYTER_PATH", folder.resolve("jupyter").toString(),
                "JUPYTER_RUNTIME_DIR", folder.resolve("runtime").toString(),
                "IPYTHONDIR", folder.resolve("ipython").toString()),
            "jupyter-nbconvert",
            Stream.concat(
                    Stream.of(
                        "--to=notebook",
                        "--execute",
                        "--ExecutePreprocessor.kernel_name=java",
                        "--ExecutePreprocessor.timeout=240",
                        "--ExecutePreprocessor.startup_timeout=120",
                        "--output=executed.ipynb"),
                    Stream.of(more).map(Object::toString))
                .toList(),
            notebook);
    assertThat(child.code()).as(child.all()).isZero();
    return new ObjectMapper().readTree(folder.resolve("executed.ipynb").toFile());
  }

  /** Returns what cells printed and their values. */
  private static List<String> texts(JsonNode notebook) {
    List<String> texts = new ArrayList<>();
    for (JsonNode output : notebook.findValues("outputs")) {
      for (JsonNode one : output) {
        texts.add(joined(one.has("data") ? one.get("data").path("text/plain") : one.path("text")));
      }
    }
    return texts;
  }

  private static List<String> errors(JsonNode notebook) {
    List<String> errors = new ArrayList<>();
    for (JsonNode output : notebook.findValues("outputs")) {
      for (JsonNode one : output) {
        if (one.path("output_type").asText().equals("error")) {
          errors.add(one.path("evalue").asText() + joined(one.path("traceback")));
        }
      }
    }
    return errors;
  }

  private static String joined(JsonNode text) {
    StringBuilder joined = new StringBuilder(text.isTextual() ? text.asText() : "");
    text.forEach(line -> joined.append(line.asText()));
    return joined.toString();
  }
}
