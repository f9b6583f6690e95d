package io.yunpipe.e2e.worker;

import static io.yunpipe.e2e.worker.Site.finish;
import static io.yunpipe.e2e.worker.Site.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker as the first process of a container, with this machine's Java. Needs docker and the
 * image that YUNPIPE_TEST_IMAGE names: busybox alone is enough.
 */
@Tag("docker")
@Timeout(180)
class FirstProcessTest {
  private static final String IMAGE =
      Optional.ofNullable(System.getenv("YUNPIPE_TEST_IMAGE")).orElse("yunpipe-test/busybox:1");

  private final String name = "yunpipe-worker-" + UUID.randomUUID();
  @TempDir Path temp;
  private Site site;

  @BeforeAll
  static void requireDocker() throws Exception {
    String missing = "";
    try {
      Said said = docker("image", "inspect", "--format", "{{.Id}}", IMAGE);
      missing = said.code() == 0 ? "" : said.text();
    } catch (IOException e) {
      missing = e.getMessage();
    }
    if (!missing.isEmpty()) {
      String reason = "needs docker and a test image (YUNPIPE_TEST_IMAGE): " + missing;
      if (String.valueOf(System.getenv("YUNPIPE_REQUIRE")).contains("docker")) {
        fail(reason);
      }
      abort(reason);
    }
  }

  @BeforeEach
  void open() {
    site = new Site(temp);
    temp.toFile().setExecutable(true, false);
  }

  @AfterEach
  void remove() throws Exception {
    docker("rm", "--force", name);
  }

  private record Said(int code, String text) {}

  private static Said docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1, text);
  }

  /** Starts a worker that sees this machine's Java and class path, and the test's folder. */
  private void start(List<String> options, List<String> java, String stage, String... settings)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", "--detach", "--name", name));
    arguments.addAll(List.of("--network", "none"));
    arguments.addAll(options);
    mount(arguments, temp, temp, "");
    String classPath = WorkerProgram.classPath();
    for (String entry : classPath.split(":", -1)) {
      mount(arguments, Path.of(entry), Path.of(entry), ":ro");
    }
    mount(arguments, Path.of("/usr"), Path.of("/usr"), ":ro");
    mount(arguments, Path.of("/usr/lib"), Path.of("/lib"), ":ro");
    mount(arguments, Path.of("/usr/lib64"), Path.of("/lib64"), ":ro");
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    mount(arguments, home, home, ":ro");
    try (Stream<Path> configurations = Files.list(Path.of("/etc"))) {
      for (Path folder :
          configurations.filter(path -> path.toString().startsWith("/etc/java")).toList()) {
        mount(arguments, folder, folder, ":ro");
      }
    }
    for (Map.Entry<String, String> setting : site.settings(stage, settings).entrySet()) {
      arguments.addAll(List.of("--env", setting.getKey() + "=" + setting.getValue()));
    }
    arguments.add(IMAGE);
    arguments.add(home.resolve("bin/java").toString());
    arguments.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    arguments.addAll(java);
    arguments.addAll(List.of("-cp", classPath, "io.yunpipe.runner.WorkerMain"));
    Said said = docker(arguments.toArray(String[]::new));
    assertThat(said.code()).as(said.text()).isZero();
  }

  private static void mount(List<String> arguments, Path from, Path to, String mode) {
    if (Files.exists(from)) {
      arguments.addAll(List.of("--volume", from + ":" + to + mode));
    }
  }

  private String log() throws Exception {
    return docker("logs", name).text();
  }

  /** Runs jobs that leave processes behind whose parents have ended. */
  private void leaveOrphans() throws Exception {
    String script = "(setsid sleep 300 &) ; cp \"$1\" \"$2/o\"";
    try (Pipeline pipeline = site.pipeline().stage(shell("leave", script).build()).build()) {
      Run run = pipeline.submit(site.inputs(4));
      assertThat(finish(run).state()).as(log()).isEqualTo(RunState.SUCCEEDED);
    }
  }

  /** Returns how many processes of the container have ended and were not taken away. */
  private long ended() throws Exception {
    return docker("exec", name, "/bin/sh", "-c", "cat /proc/[0-9]*/stat")
        .text()
        .lines()
        .filter(line -> line.contains(") Z "))
        .count();
  }

  @Test
  void orphans_areTakenAway_whereJavaIsOpened() throws Exception {
    start(
        List.of(),
        List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"),
        "leave",
        "YUNPIPE_IDLE",
        "5m");
    leaveOrphans();
    Awaitility.await().atMost(Site.PATIENCE).until(() -> ended() == 0);
    assertThat(log()).doesNotContain("cannot take away orphans");
    docker("kill", "--signal", "TERM", name);
    assertThat(docker("wait", name).text().strip()).as(log()).isEqualTo("0");
  }

  @Test
  void orphans_areTheInitProgramsWork_whereThereIsOne() throws Exception {
    Said run = docker("run", "--rm", "--init", "--network", "none", IMAGE, "/bin/true");
    if (run.code() == 125) {
      abort("this container engine has no init program");
    }
    start(List.of("--init"), List.of(), "leave", "YUNPIPE_IDLE", "5m");
    leaveOrphans();
    Awaitility.await().atMost(Site.PATIENCE).until(() -> ended() == 0);
    assertThat(log()).doesNotContain("cannot take away orphans");
  }

  @Test
  void orphans_withNeither_pileUp_andAWarningTellsWhatToDo() throws Exception {
    start(List.of(), List.of(), "leave", "YUNPIPE_IDLE", "5m");
    leaveOrphans();
    assertThat(ended()).isEqualTo(4);
    assertThat(log()).contains("cannot take away orphans", "docker run --init");
  }

  @Test
  void stoppedContainer_letsTheJobSaveItsState_andEndsWell() throws Exception {
    String script =
        "trap 'echo saved > \"%1$s/saved\"; exit 1' TERM; touch %1$s/begun; while :; do sleep 0.1; done"
            .formatted(temp);
    temp.toFile().setWritable(true, false);
    try (Pipeline pipeline = site.pipeline().stage(shell("wait", script).build()).build()) {
      pipeline.submit(site.inputs(1));
      start(List.of(), List.of(), "wait");
      site.awaitFile("begun");
      assertThat(docker("stop", "--time", "30", name).code()).isZero();
      assertThat(docker("inspect", "--format", "{{.State.ExitCode}}", name).text().strip())
          .as(log())
          .isEqualTo("0");
      assertThat(temp.resolve("saved")).hasContent("saved");
    }
  }
}
