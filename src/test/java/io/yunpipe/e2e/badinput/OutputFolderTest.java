package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OutputFolderTest {
  private static final String COPY = "cp $input $output";

  @TempDir Path folder;
  private Lab lab;
  private Path conf;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.input("a.txt", "a");
    conf = lab.conf("algorithms { copy = \"" + COPY + "\" }");
  }

  private static String refusal(Path output, String relation, Path instead) {
    return "Could not use \""
        + output
        + "\" as the output folder: "
        + relation
        + ". Name a folder apart from the input, such as \""
        + instead
        + "\".";
  }

  @Test
  void outputFolder_equalToOrInsideTheInput_isRefusedBeforeAnythingBegins() throws Exception {
    Path instead = folder.toRealPath().resolve("inputs-results");
    String same = refusal(lab.inputs, "it is the input itself", instead);
    assertThat(lab.cli("run", conf, lab.inputs, "-o", lab.inputs))
        .isEqualTo(new Cli(2, "", "yunpipe: " + same + "\n"));
    Path inside = lab.inputs.resolve("out/deep");
    String within = refusal(inside, "it lies inside the input \"" + lab.inputs + "\"", instead);
    assertThat(lab.cli("run", conf, lab.inputs, "-o", inside))
        .isEqualTo(new Cli(2, "", "yunpipe: " + within + "\n"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), lab.inputs);
    assertThat(lab.cli("run", conf, lab.inputs, "-o", link).err())
        .isEqualTo("yunpipe: " + refusal(link, "it is the input itself", instead) + "\n");
    assertThat(Lab.texts(lab.inputs)).containsExactly(entry("a.txt", "a"));
    lab.assertNothingBegun();
  }

  @Test
  void download_intoTheInput_isRefusedByTheRunToo() throws Exception {
    try (Pipeline pipeline = lab.pipeline().stage(Algorithm.command("copy", COPY)).build()) {
      Run run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 1, 0);
      for (Path output : new Path[] {lab.inputs, lab.inputs.resolve("results")}) {
        assertThatThrownBy(() -> run.download(output))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith("Could not use \"" + output + "\" as the output folder: it ")
            .hasMessageEndingWith(
                ". Name a folder apart from the input, such as \""
                    + folder.toRealPath().resolve("inputs-results")
                    + "\".");
        Cli cli = lab.cli("download", run.id(), "-o", output);
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err())
            .startsWith("yunpipe: Could not use \"" + output + "\"")
            .hasLineCount(1);
      }
      assertThat(Lab.texts(lab.inputs)).containsExactly(entry("a.txt", "a"));
      assertThat(lab.download(run)).containsExactly(entry("a.txt/a.txt", "a"));
    }
  }

  @Test
  void resultsFolder_thatIsAFile_isRefusedBeforeAnythingBegins() {
    Lab.write(lab.results, "in the way");
    Cli cli = lab.cli("run", conf, lab.inputs, "-o", lab.results);
    assertThat(cli)
        .isEqualTo(
            new Cli(
                2,
                "",
                "yunpipe: Could not use \""
                    + lab.results
                    + "\" as the output folder: it is not a folder. Name a folder, or one that does not"
                    + " exist yet.\n"));
    assertThat(Files.exists(lab.store)).isFalse();
    assertThat(lab.results).hasContent("in the way");
  }

  @Test
  void resultsFolder_thatCannotBeWritten_losesNothing() throws Exception {
    try (Pipeline pipeline = lab.pipeline().stage(Algorithm.command("copy", COPY)).build()) {
      Run run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 1, 0);
      // Where no user may write, not even the one who may do all.
      Path proc = Path.of("/proc/yunpipe-results");
      assertThatThrownBy(() -> run.download(proc))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("Could not write a.txt to " + proc + "/a.txt/a.txt: ")
          .hasMessageEndingWith(
              ". Check the folder's rights and free space; what is there whole is kept.");
      Cli cli = lab.cli("download", run.id(), "-o", proc);
      assertThat(cli.code()).isEqualTo(3);
      assertThat(cli.err()).startsWith("yunpipe: Could not write a.txt to " + proc).hasLineCount(1);
      Lab.write(folder.resolve("file"), "in the way");
      assertThatThrownBy(() -> run.download(folder.resolve("file")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("it is not a folder");
      assertThat(lab.download(run)).containsExactly(entry("a.txt/a.txt", "a"));
    }
    lab.assertNothingLeftOver();
  }
}
