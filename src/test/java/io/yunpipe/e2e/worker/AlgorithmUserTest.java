package io.yunpipe.e2e.worker;

import static io.yunpipe.e2e.worker.Site.finish;
import static io.yunpipe.e2e.worker.Site.results;
import static io.yunpipe.e2e.worker.Site.shell;
import static io.yunpipe.e2e.worker.Site.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an algorithm gets of the worker that starts it: as little as possible. */
@Timeout(180)
class AlgorithmUserTest {
  private static final String[] CREDENTIALS = {
    "AWS_ACCESS_KEY_ID", "AKIDTHIS",
    "AWS_SECRET_ACCESS_KEY", "topsecret",
    "AWS_SESSION_TOKEN", "topsecret",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/topsecret",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/topsecret",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN", "topsecret",
    "ECS_CONTAINER_METADATA_URI_V4", "http://127.0.0.1:1/v4/topsecret",
    "OTHER_TOKEN", "topsecret",
    "MODEL_HOME", "/models",
    "YUNPIPE_PASS", "MODEL_HOME"
  };

  @TempDir Path temp;
  private Site site;

  @BeforeEach
  void open() {
    site = new Site(temp);
  }

  private String output(Algorithm algorithm, String... settings) throws Exception {
    try (Pipeline pipeline = site.pipeline().stage(algorithm).build()) {
      Run run = pipeline.submit(site.inputs(1));
      try (WorkerProgram worker = site.worker(algorithm.name(), settings)) {
        assertThat(finish(run).state())
            .as("failures %s, worker %s", run.failed(), worker.text())
            .isEqualTo(RunState.SUCCEEDED);
        assertThat(worker.await(30)).as(worker.text()).isZero();
      }
      return text(results(run).get(0).files().get(0));
    }
  }

  private static void requireRoot() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "needs root, which alone can start commands as another user");
  }

  @Test
  void environment_hasNoSecretOfTheWorker() throws Exception {
    String environment =
        output(shell("look", "env > \"$2/o\"").variable("own", "1").build(), CREDENTIALS);
    Set<String> names =
        environment.lines().map(line -> line.replaceFirst("=.*", "")).collect(Collectors.toSet());
    assertThat(environment).doesNotContain("topsecret").doesNotContain("AKIDTHIS");
    assertThat(names)
        .contains("own", "MODEL_HOME", "PATH", "HOME")
        .noneMatch(name -> name.startsWith("AWS_") || name.startsWith("ECS_"))
        .filteredOn(name -> name.startsWith("YUNPIPE_"))
        .containsExactly("YUNPIPE_ATTEMPT");
  }

  @Test
  void command_ofAWorkerOfRoot_runsAsNobody_andOwnsItsFolders() throws Exception {
    requireRoot();
    String said =
        output(
            shell(
                    "who",
                    "{ id -u; id -g; id -G; echo more >> \"$1\" && echo input is mine; touch here"
                        + " && echo so is the folder; cat /proc/$PPID/environ || echo closed; }"
                        + " > \"$2/o\" 2>&1")
                .build(),
            CREDENTIALS);
    assertThat(said)
        .startsWith("65534\n65534\n65534\n")
        .contains("input is mine", "so is the folder", "Permission denied", "closed")
        .doesNotContain("topsecret");
  }

  @Test
  void command_runsAsTheUserThatIsSet_alsoAsRoot() throws Exception {
    requireRoot();
    Algorithm who = shell("who", "id -u > \"$2/o\"; id -g >> \"$2/o\"").build();
    assertThat(output(who, "YUNPIPE_USER", "1234:4321")).isEqualTo("1234\n4321\n");
    Algorithm root = shell("root", "id -u > \"$2/o\"").build();
    assertThat(output(root, "YUNPIPE_USER", "0")).isEqualTo("0\n");
  }

  @Test
  void noProgramToSwitchUsers_isRefused_ifAUserIsSet() throws Exception {
    requireRoot();
    Path empty = Files.createDirectories(temp.resolve("bin"));
    try (WorkerProgram worker =
        site.worker("who", "YUNPIPE_USER", "1234", "PATH", empty.toString())) {
      assertThat(worker.await(30)).as(worker.text()).isEqualTo(64);
      assertThat(worker.text())
          .contains("YUNPIPE_USER is 1234:1234, but the image has no program to start commands");
    }
  }

  @Test
  void algorithmWithAnImage_isACommandRightHere_insideThatImage() throws Exception {
    Path in = temp.resolve("inside/in");
    Algorithm inside =
        Algorithm.builder("inside")
            .image("registry.example/lab/tool:1")
            .argv(
                List.of(
                    "sh",
                    "-c",
                    "echo $1 $2; cat $1 > $2/o; ls -d " + in + " >> $2/o",
                    "sh",
                    "$input",
                    "$output"))
            .inputPath(in.toString())
            .outputPath(temp.resolve("inside/out").toString())
            .build();
    openTemp();
    assertThat(output(inside, "YUNPIPE_INSIDE", "true")).isEqualTo("input 0" + in + "\n");
  }

  @Test
  void algorithmWithoutACommand_runsTheEntryPoint_insideItsImage() throws Exception {
    Algorithm inside =
        Algorithm.builder("entry")
            .image("registry.example/lab/tool:1")
            .argv(List.of())
            .inputPath(temp.resolve("inside/in").toString())
            .outputPath(temp.resolve("inside/out").toString())
            .build();
    openTemp();
    String entryPoint =
        "[\"sh\", \"-c\", \"cat %1$s/inside/in/* > %1$s/inside/out/o\"]".formatted(temp);
    assertThat(output(inside, "YUNPIPE_INSIDE", "true", "YUNPIPE_ENTRYPOINT", entryPoint))
        .isEqualTo("input 0");
  }

  private void openTemp() {
    temp.toFile().setExecutable(true, false);
  }
}
