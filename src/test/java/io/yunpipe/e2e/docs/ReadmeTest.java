package io.yunpipe.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final Path SAMPLE =
      Documents.ROOT.resolve("samples/src/main/java/io/yunpipe/samples/FirstSteps.java");

  @TempDir Path folder;

  @Test
  void program_inTheReadme_isTheCompiledSample() {
    String sample = Documents.region(Documents.read(SAMPLE), "// readme:begin", "// readme:end");
    assertThat(Documents.blocks(Documents.read(Documents.ROOT.resolve("README.md")), "java"))
        .containsExactly(sample);
  }

  @Test
  void program_inTheReadme_doesWhatIsSaid() throws Exception {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("a.txt"), "pear\napple\npear\n");
    Files.writeString(Files.createDirectory(texts.resolve("b")).resolve("c.txt"), "fig\n");
    Path results = folder.resolve("results");

    String said = run(texts.toString(), results.toString());

    assertThat(results.resolve("a.txt/count.txt")).as(said).hasContent("2");
    assertThat(results.resolve("b/c.txt/count.txt")).as(said).hasContent("1");
    assertThat(said).contains("succeeded: sort 2/2, count 2/2");
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("output.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-Dyunpipe.local.directory=" + folder.resolve("store"),
                    "io.yunpipe.samples.FirstSteps",
                    arguments[0],
                    arguments[1]))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the program ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Documents.read(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
