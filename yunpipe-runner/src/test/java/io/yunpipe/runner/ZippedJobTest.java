package io.yunpipe.runner;

import static io.yunpipe.runner.JobFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.yunpipe.internal.InputRef;
import io.yunpipe.internal.Sha256;
import io.yunpipe.internal.archive.ArchiveLimits;
import io.yunpipe.internal.archive.DeterministicZip;
import io.yunpipe.internal.archive.SafeUnzip;
import io.yunpipe.spi.Content;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs whose input or whose result is a zip. */
class ZippedJobTest extends OneJob {
  @BeforeEach
  void describe() {
    job.name = "project.zip";
    job.zippedOutput = "build/plot.txt";
    job.zippedExtension = ".txt";
  }

  private void addProject() throws Exception {
    Path project = Files.createDirectories(folder.resolve("project/data"));
    Files.writeString(project.resolve("x.txt"), "data");
    Path code =
        Files.writeString(
            project.resolveSibling("run.sh"),
            "#!/bin/sh\nmkdir build; cat data/x.txt > build/plot.txt\n");
    assertThat(code.toFile().setExecutable(true)).isTrue();
    Path zip = folder.resolve("object.zip");
    DeterministicZip.write(folder.resolve("project"), zip);
    add(zip);
  }

  private void add(Path zip) throws Exception {
    job.inputs.add(
        new InputRef("project.zip", zip.toString(), Files.size(zip), Sha256.of(zip), null));
  }

  @Test
  void command_runsInTheUnpackedFolder() throws Exception {
    addProject();
    try (Execution execution = job.command("./run.sh").execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(texts(execution)).containsExactly(entry("project.zip.txt", "data"));
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void missingOutput_isNamed() throws Exception {
    addProject();
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .isEqualTo(
              "did not write 'build/plot.txt' into the unpacked folder, which is kept as the result");
    }
  }

  @Test
  void outputThatIsALinkToElsewhere_isRefused() throws Exception {
    addProject();
    for (String script :
        new String[] {
          "mkdir build; ln -s /etc/passwd build/plot.txt",
          "mkdir d; ln -s /etc build; ln -s /etc/passwd plot.txt"
        }) {
      job.zippedOutput = script.contains("mkdir d") ? "build/passwd" : "build/plot.txt";
      try (Execution execution = job.command("sh", "-c", script).execute()) {
        assertThat(execution.reason()).startsWith("refused output '" + job.zippedOutput + "'");
        assertThat(execution.outputs()).isEmpty();
      }
    }
  }

  @Test
  void inputThatIsNoZip_isRefused() throws Exception {
    job.input("project.zip", "this is not a zip");
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.succeeded()).isFalse();
      assertThat(execution.permanent()).isTrue();
      assertThat(execution.reason()).contains("zip");
    }
  }

  @Test
  void zipThatClimbs_isRefused() throws Exception {
    Path zip = folder.resolve("bad.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      entries.putNextEntry(new ZipEntry("../escaped"));
      entries.write("x".getBytes(StandardCharsets.UTF_8));
    }
    add(zip);
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason()).contains("../escaped");
      assertThat(execution.permanent()).isTrue();
    }
    assertThat(folder.resolve("escaped")).doesNotExist();
  }

  @Test
  void severalInputs_areRefused() throws Exception {
    job.input("a.zip", "x").input("b.zip", "y");
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .isEqualTo("a zipped job takes one zip as its input, but has several files");
    }
  }

  @Test
  void folderResult_isPackedUnderTheOriginalsName() throws Exception {
    job.zippedOutput = null;
    job.zipResults = true;
    job.name = "plate/a.png";
    job.input("a.png", "x").sh("mkdir $2/d; echo 1 > $2/d/b; echo 2 > $2/c; ln -s c $2/e");
    try (Execution execution = job.execute()) {
      assertThat(execution.outputs()).containsOnlyKeys("Result-alg-a.zip");
      Content zip = Objects.requireNonNull(execution.outputs().get("Result-alg-a.zip"));
      Path copy = folder.resolve("copy.zip");
      try (InputStream in = zip.open()) {
        Files.copy(in, copy);
      }
      SafeUnzip.unzip(copy, folder.resolve("unpacked"), ArchiveLimits.DEFAULT);
      assertThat(folder.resolve("unpacked/d/b")).hasContent("1");
      assertThat(folder.resolve("unpacked/e")).hasContent("2");
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void singleFile_isNotPacked() throws Exception {
    job.zippedOutput = null;
    job.zipResults = true;
    job.input("a.png", "x").command("cp", "$input", "$output");
    try (Execution execution = job.execute()) {
      assertThat(execution.outputs()).containsOnlyKeys("a.png");
    }
  }

  @Test
  void functionsFolder_isPackedToo() throws Exception {
    job.zippedOutput = null;
    job.zipResults = true;
    job.function(
        (in, out) -> {
          out.write("a", new byte[1]);
          out.write("b", new byte[1]);
        });
    try (Execution execution = job.execute()) {
      assertThat(execution.outputs()).containsOnlyKeys("Result-alg-project.zip");
    }
  }
}
