package io.yunpipe.e2e;

import static io.yunpipe.e2e.Local.finish;
import static io.yunpipe.e2e.Local.succeed;
import static io.yunpipe.e2e.Local.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.InvalidInputException;
import io.yunpipe.Pipeline;
import io.yunpipe.StoredObject;
import io.yunpipe.Workflow;
import io.yunpipe.ZipUpload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five calls of AWSHalide. */
class ZippedJobTest {
  @TempDir Path temp;

  private Pipeline pipeline() {
    return Local.pipeline(
        temp.resolve("store"),
        Workflow.singleRun(
            Algorithm.builder("halide")
                .command("sh run.sh")
                .zipped("out/result.png", ".png")
                .build()));
  }

  private Path project(String name) {
    write(
        temp.resolve(name + "/run.sh"),
        "mkdir out && cat data/in.txt data/in.txt > out/result.png\n");
    write(temp.resolve(name + "/data/in.txt"), "pixels ");
    return temp.resolve(name);
  }

  @Test
  void uploadZip_runsInsideTheUnzippedFolder_andStoresTheNamedOutput() throws Exception {
    try (Pipeline pipeline = pipeline()) {
      pipeline.init();
      ZipUpload upload = pipeline.uploadZip(project("348"));
      assertThat(upload.alreadyStored()).isFalse();
      succeed(upload.run());

      assertThat(pipeline.list()).extracting(StoredObject::name).containsExactly("348.zip.png");
      Path output = pipeline.downloadOutput(temp.resolve("out"), "348.zip");
      assertThat(output).isEqualTo(temp.resolve("out/348.zip.png")).hasContent("pixels pixels ");
      assertThat(pipeline.downloadOutput(temp.resolve("out"), "348.zip.png")).isEqualTo(output);
    }
  }

  @Test
  void uploadZip_sameTreeLater_isTheSameZip_storedOnce() throws Exception {
    try (Pipeline pipeline = pipeline()) {
      ZipUpload first = pipeline.uploadZip(project("a"));
      Path copy = project("b");
      Files.setLastModifiedTime(copy.resolve("run.sh"), FileTime.fromMillis(5_000_000));
      ZipUpload second = pipeline.uploadZip(copy);

      assertThat(second.sha256()).isEqualTo(first.sha256());
      assertThat(second.size()).isEqualTo(first.size());
      assertThat(second.alreadyStored()).isTrue();
      succeed(first.run());
      succeed(second.run());
      assertThat(pipeline.list())
          .extracting(StoredObject::name)
          .containsExactlyInAnyOrder("a.zip.png", "b.zip.png");
    }
  }

  @Test
  void uploadZip_ofAZip_isRemovedHereWhenAskedFor() throws Exception {
    Path zip = temp.resolve("job.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("run.sh"));
      out.write(
          "mkdir out; echo made > out/result.png"
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    try (Pipeline pipeline = pipeline()) {
      succeed(pipeline.uploadZip(zip, "348.png.zip", true).run());

      assertThat(zip).doesNotExist();
      assertThat(pipeline.downloadOutput(temp, "348.png.zip"))
          .hasFileName("348.png.zip.png")
          .hasContent("made\n");
    }
  }

  @Test
  void downloadOutput_ofAFailedJob_tellsWhy() throws Exception {
    Path project = temp.resolve("bad");
    write(project.resolve("run.sh"), "echo no data >&2; exit 7\n");
    try (Pipeline pipeline = pipeline()) {
      finish(pipeline.uploadZip(project).run());

      assertThatThrownBy(() -> pipeline.downloadOutput(temp, "bad.zip"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("bad.zip")
          .hasMessageContaining("code 7");
      assertThatThrownBy(() -> pipeline.downloadOutput(temp, "other.zip"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("list()");
    }
  }
}
