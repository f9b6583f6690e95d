package io.yunpipe.aws.template;

import static io.yunpipe.Resources.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.internal.Sha256;
import io.yunpipe.spi.StageNeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script with programs that only write down how they were called. */
class MachineScriptTest {
  private static final String PROGRAM = "the program";

  @TempDir private Path folder;
  private Path programs;
  private String said = "";

  @BeforeEach
  void prepare() throws IOException {
    programs = Files.createDirectories(folder.resolve("programs"));
    for (String name : new String[] {"shutdown", "java", "dnf", "systemctl"}) {
      program(name, "");
    }
    program(
        "aws",
        "if [ \"$1\" = ecr ]; then echo the-password; else printf '%s' '"
            + PROGRAM
            + "' >worker.jar; fi");
    program("docker", "cat >/dev/null");
    program("systemd-run", "exit ${WORKER_EXIT:-0}");
  }

  private void program(String name, String also) throws IOException {
    Path file = programs.resolve(name);
    Files.writeString(
        file, "#!/bin/bash\necho \"" + name + " $*\" >>'" + folder + "/calls'\n" + also + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String calls(Specs specs, String workerExit) throws IOException, InterruptedException {
    String script =
        MachineScript.text(specs.spec(), specs.stages.get(0))
            .replace("/opt/yunpipe", folder.resolve("opt").toString());
    Path file = Files.writeString(folder.resolve("script"), script);
    ProcessBuilder builder = new ProcessBuilder("bash", file.toString());
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    builder.environment().put("WORKER_EXIT", workerExit);
    Process process = builder.redirectErrorStream(true).start();
    said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(folder.resolve("calls"));
  }

  private static Specs specs(String sha256) {
    Specs specs = Specs.of(Engine.EC2_SSM, Capacity.EC2);
    specs.program = sha256;
    specs.prefix = "it's/\"$HOME\"/";
    return specs;
  }

  private static String sha256() {
    return Sha256.of(PROGRAM.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void machine_runsTheWorkerAndEnds() throws IOException, InterruptedException {
    String calls = calls(specs(sha256()), "0");
    assertThat(calls.lines())
        .containsSubsequence(
            "shutdown -P +1445",
            "aws --region eu-west-1 s3 cp --only-show-errors"
                + " s3://yunpipe-artifacts-123456789012-eu-west-1/programs/"
                + sha256()
                + ".jar worker.jar",
            "shutdown -P now");
    assertThat(calls)
        .contains("RuntimeMaxSec=86400")
        .contains("io.yunpipe.runner.WorkerMain")
        .doesNotContain("dnf");
    assertThat(Files.readString(folder.resolve("opt/environment")))
        .contains("YUNPIPE_STAGE=\"detect\"\n")
        .contains("YUNPIPE_AWS_PREFIX=\"it's/\\\"\\$HOME\\\"/\"\n");
  }

  @Test
  void machine_whoseProgramIsAnother_endsWithoutRunningIt()
      throws IOException, InterruptedException {
    assertThat(calls(specs("ab".repeat(32)), "0"))
        .doesNotContain("systemd-run")
        .endsWith("shutdown -P now\n");
  }

  @Test
  void machine_whoseEndCannotBeSet_endsAtOnce() throws IOException, InterruptedException {
    program("shutdown", "[ \"$2\" = now ]");
    assertThat(calls(specs(sha256()), "0"))
        .doesNotContain("systemd-run")
        .endsWith("shutdown -P now\n");
  }

  @Test
  void machine_withImagesInEcr_signsIn_andTellsNobodyThePassword()
      throws IOException, InterruptedException {
    program("docker", "cat >'" + folder + "/stdin'");
    String calls = calls(specs(sha256()), "0");
    assertThat(calls)
        .contains("aws ecr get-login-password --region eu-west-1")
        .contains(
            "docker --config /root/.docker login --username AWS --password-stdin"
                + " 123456789012.dkr.ecr.eu-west-1.amazonaws.com\n")
        .doesNotContain("the-password");
    assertThat(Files.readString(folder.resolve("stdin"))).isEqualTo("the-password\n");
    assertThat(said).doesNotContain("the-password");
  }

  @Test
  void machine_withImagesElsewhere_signsInNowhere() throws IOException, InterruptedException {
    Specs specs = specs(sha256());
    specs.stages =
        List.of(new StageNeeds("detect", "docker.io/library/busybox", null, DEFAULT, null, null));
    assertThat(calls(specs, "0")).contains("systemctl start docker").doesNotContain("login");
  }

  @Test
  void machine_whoseWorkerFails_ends() throws IOException, InterruptedException {
    assertThat(calls(specs(sha256()), "70")).contains("systemd-run").endsWith("shutdown -P now\n");
  }
}
