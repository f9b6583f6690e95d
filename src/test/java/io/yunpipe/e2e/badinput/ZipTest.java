package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.ZipUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Zips that would harm: as inputs, and as jobs. */
@Timeout(60)
class ZipTest {
  @TempDir Path folder;
  private Lab lab;
  private Path slip;
  private Path bomb;

  @BeforeEach
  void open() throws IOException {
    lab = new Lab(folder);
    slip = zip("slip.zip", "../../escaped.txt", 3);
    bomb = zip("bomb.zip", "zeros", 8 << 20);
  }

  private Path zip(String name, String bad, int badBytes) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("good.txt"));
      zip.write('x');
      zip.putNextEntry(new ZipEntry(bad));
      zip.write(new byte[badBytes]);
    }
    return file;
  }

  private static final String UNSAFE =
      "\": its entry \"../../escaped.txt\" climbs out of its folder. Make the archive again with plain"
          + " files and relative names, all different.";
  private static final String RATIO =
      "over the limit on the ratio of 200. If you trust the archive, raise this limit, or unpack it"
          + " yourself and submit the folder.";

  @Test
  void zip_thatHarms_isRefusedAsInput() throws Exception {
    Path truncated = folder.resolve("cut.zip");
    byte[] whole = Files.readAllBytes(zip("whole.zip", "b.txt", 10));
    Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length - 30));
    Path conf = lab.conf("algorithms { copy = \"cp $input $output\" }");
    try (Pipeline pipeline =
        lab.pipeline().stage(Algorithm.command("copy", "cp $input $output")).build()) {
      assertThatThrownBy(() -> pipeline.submit(slip))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Refused the archive \"" + slip + UNSAFE);
      assertThatThrownBy(() -> pipeline.submit(bomb))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith(
              "Refused the archive \"" + bomb + "\": its entry \"zeros\" unpacks ")
          .hasMessageEndingWith(RATIO);
      assertThatThrownBy(() -> pipeline.submit(truncated))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Could not read \"" + truncated + "\" as a zip: ")
          .hasMessageEndingWith(". Check or fetch the archive again.");
      assertThat(pipeline.runs()).isEmpty();
    }
    for (Path bad : new Path[] {slip, bomb, truncated}) {
      Cli cli = lab.cli("run", conf, bad, "-o", lab.results);
      assertThat(cli.err()).startsWith("yunpipe: ").contains(bad.toString()).hasLineCount(1);
      assertThat(cli.code()).isEqualTo(2);
    }
    lab.assertNothingBegun();
  }

  @Test
  void zip_thatHarms_failsAsAJobAndItsOutputSaysWhy() throws Exception {
    Algorithm make =
        Algorithm.builder("make").command("cp good.txt out.txt").zipped("out.txt", ".txt").build();
    try (Pipeline pipeline = lab.pipeline().stage(make).build()) {
      for (Map.Entry<Path, String> bad : Map.of(slip, UNSAFE, bomb, RATIO).entrySet()) {
        String name = bad.getKey().getFileName().toString();
        ZipUpload upload = pipeline.uploadZip(bad.getKey(), name, false);
        Run run = upload.run();
        Lab.assertCounts(Lab.finish(run), 0, 1);
        assertThat(Lab.reasons(run).get(name))
            .startsWith("Refused the archive ")
            .endsWith(bad.getValue());
        assertThatThrownBy(() -> pipeline.downloadOutput(lab.results, name))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith(
                "There is no output of '"
                    + name
                    + "'. Its job failed in run "
                    + run.id()
                    + ": Refused ");
      }
      assertThat(pipeline.list()).isEmpty();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all).noneMatch(file -> file.endsWith("escaped.txt"));
    }
    lab.assertNothingLeftOver();
  }
}
