package io.yunpipe.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.testkit.emulator.Child;
import io.yunpipe.testkit.emulator.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The command line on a machine that has podman and no docker. */
@Tag("podman")
@Timeout(300)
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "what runs in containers is the same whatever runs this")
class PodmanWayTest {
  private static final String PYTHON = "yunpipe-test/python:1";

  @TempDir static Path shared;
  @TempDir Path folder;
  private static Path path;
  private static Path home;

  @BeforeAll
  static void givePodmanAnImage() throws Exception {
    Path podman =
        Needs.program(
            "podman", "YUNPIPE_TEST_PODMAN", "podman", "apt-get install podman; .ci/podman FOLDER");
    path = Files.createDirectory(shared.resolve("bin"));
    Path program =
        Files.writeString(path.resolve("podman"), "#!/bin/sh\nexec " + podman + " \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    home = LayerFolder.into(Files.createDirectory(shared.resolve("home")));
    String archive = shared.resolve("base.tar").toString();
    try (Docker docker = Docker.with(shared, PYTHON)) {
      docker.run("save", "--output", archive, PYTHON);
    }
    podman("load", "--input", archive);
  }

  @AfterAll
  static void removeImages() throws Exception {
    if (home == null) {
      return;
    }
    LayerFolder.keep(home);
    podman("rmi", "--force", "--ignore", "measure:1", "measure:2", PYTHON);
  }

  private static String podman(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(path.resolve("podman").toString()));
    command.addAll(List.of(words));
    return said(command);
  }

  private String yunpipe(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.home=" + home,
                "-Dyunpipe.local.directory=" + folder.resolve("store"),
                "-jar",
                Path.of(System.getProperty("yunpipe.all.jar", "")).toAbsolutePath().toString()));
    command.addAll(List.of(words));
    return said(command);
  }

  private static String said(List<String> command) throws IOException, InterruptedException {
    Path said = Files.createTempFile(shared, "said", ".txt");
    // Nothing else is on this machine's path.
    try (Child child = Child.start(said, Map.of("PATH", path.toString()), command)) {
      assertThat(child.exit(120)).as("%s: %s", command, child.text()).isZero();
      return child.text();
    }
  }

  @Test
  void imageOfPodman_isWrappedTriedAndRun() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Path picture = Pictures.in(folder.resolve("all")).resolve("plate 1/well.png");
    Files.copy(picture, pictures.resolve("well.png"));

    Path file =
        Files.writeString(
            folder.resolve("measure.json"),
            """
        {"name": "measure", "container_name": "engine:%s", "input_file_path": "/data/in",
         "output_file_path": "/data/out"}
        """
                .formatted(PYTHON));
    assertThat(yunpipe("wrap", "-f", file.toString(), "--to", "engine:measure:1"))
        .contains("measure:1");
    assertThat(podman("image", "inspect", "--format", "{{json .Config.Entrypoint}}", "measure:1"))
        .contains("io.yunpipe.runner.WorkerMain");

    assertThat(yunpipe("try", "measure", picture.toString()))
        .contains("measured 1 on metric scale", "--cap-drop ALL", "result       success");

    Path results = folder.resolve("results");
    yunpipe("run", "measure", pictures.toString(), "-o", results.toString());
    assertThat(results.resolve("well.png/measured.json"))
        .content()
        .contains("\"width\": 40, \"height\": 30");
  }

  @Test
  void workerThatIsNotRoot_hasNoRights() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("who.json"),
            """
            {"name": "who", "container_name": "engine:%s", "run_command":
             "sh -c 'id -u; while read -r line; do case $line in Cap*) echo $line;; esac; done < /proc/self/status; echo > $1/done' who $output/"}
            """
                .formatted(PYTHON));
    yunpipe("wrap", "-f", file.toString(), "--run-as", "12345:12346", "--to", "engine:measure:2");
    String said = yunpipe("try", "who", file.toString());
    assertThat(said).contains("log          12345\n", "result       success");
    assertThat(said.lines().filter(line -> line.startsWith("log          Cap")))
        .hasSize(5)
        .allMatch(line -> line.endsWith("0000000000000000"));
  }
}
