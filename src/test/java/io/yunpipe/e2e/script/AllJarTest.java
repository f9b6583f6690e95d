package io.yunpipe.e2e.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the one jar, and what it does in threads that do not know it. */
class AllJarTest {
  /** A function over one file, all of it in a thread of the common pool. */
  private static final String IN_POOL =
      """
      java.util.concurrent.CompletableFuture.supplyAsync(() -> {
        try (var pipeline = io.yunpipe.Pipeline.builder()
            .stage(io.yunpipe.Algorithm.function("copy", (in, out) -> out.write("out", in.bytes())))
            .build()) {
          var run = pipeline.submit(java.nio.file.Path.of("in.txt"));
          return Thread.currentThread().getName() + " " + run.await().state();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }).join()""";

  @TempDir Path folder;

  /** The SDK of AWS stays what it is: programs hand clients of it over. */
  @Test
  void classes_ofLibraries_areRelocatedButTheSdkOfAws() throws IOException {
    Pattern expected =
        Pattern.compile(
            "(META-INF/versions/\\d+/)?(io/yunpipe|software/amazon|org/reactivestreams)/.*");
    try (ZipFile jar = new ZipFile(Child.JAR)) {
      List<String> foreign =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(".class"))
              .filter(name -> !expected.matcher(name).matches())
              .toList();
      assertThat(foreign).isEmpty();
    }
  }

  @Test
  void services_nameClassesThatAreThere() throws IOException {
    try (ZipFile jar = new ZipFile(Child.JAR)) {
      List<? extends ZipEntry> services =
          jar.stream()
              .filter(entry -> entry.getName().startsWith("META-INF/services/"))
              .filter(entry -> !entry.isDirectory())
              .toList();
      assertThat(services)
          .extracting(ZipEntry::getName)
          .contains(
              "META-INF/services/io.yunpipe.Engine",
              "META-INF/services/io.yunpipe.internal.TrialRunner",
              "META-INF/services/io.yunpipe.spi.BackendProvider");
      for (ZipEntry service : services) {
        text(jar, service.getName())
            .lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .forEach(
                name ->
                    assertThat(jar.getEntry(name.replace('.', '/') + ".class"))
                        .as("%s of %s", name, service)
                        .isNotNull());
      }
    }
  }

  @Test
  void defaults_ofAllModules_areMerged() throws IOException {
    try (ZipFile jar = new ZipFile(Child.JAR)) {
      assertThat(text(jar, "reference.conf")).contains("backend = local", "memory-mib");
    }
  }

  @Test
  void javaProgram_inPoolThread_findsTheLibrary() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("in.txt"), "text");
    Path source = folder.resolve("Pool.java");
    Files.writeString(
        source,
        "class Pool { public static void main(String[] args) { System.out.println("
            + IN_POOL
            + "); } }");
    Child child = Child.java(folder, Child.PARALLEL, source);
    assertThat(child.code()).as(child.all()).isZero();
    assertFound(child);
  }

  @Test
  void jshellTool_inPoolThread_findsTheLibrary() throws IOException, InterruptedException {
    assertFound(Child.jshell(folder, poolScript()));
  }

  @Test
  void script_inPoolThread_findsTheLibrary() throws IOException, InterruptedException {
    Child child = Child.script(folder, poolScript());
    assertThat(child.code()).as(child.all()).isZero();
    assertFound(child);
  }

  private Path poolScript() throws IOException {
    Files.writeString(folder.resolve("in.txt"), "text");
    // The tool would take the lines before a leading dot as a statement.
    return Files.writeString(
        folder.resolve("pool.jsh"),
        "System.out.println(" + IN_POOL.replaceAll("\\n\\s*\\.", ".") + ");\n/exit\n");
  }

  private static void assertFound(Child child) {
    assertThat(child.out())
        .as(child.all())
        .startsWith("ForkJoinPool.commonPool-worker-")
        .endsWith(" SUCCEEDED\n");
    CellStudyTest.assertNoNoise(child);
  }

  private static String text(ZipFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }
}
