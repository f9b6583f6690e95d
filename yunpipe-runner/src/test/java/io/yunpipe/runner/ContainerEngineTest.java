package io.yunpipe.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerEngineTest {
  @TempDir Path folder;

  private Path engine(String script) throws Exception {
    String look = "test $1 = image && echo '{\"id\":\"sha256:1\",\"digests\":null}'\n";
    Path program = Files.writeString(folder.resolve("docker"), "#!/bin/sh\n" + look + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private JobFixture job(Path engine) {
    ObjectStore store = new TrialStore();
    JobFixture job =
        new JobFixture(
            folder,
            store,
            new ExecutorSettings(Duration.ofMillis(100), 64 << 10, engine.toString()));
    job.image = "lab/image:1";
    return job;
  }

  @Test
  void noEngine_isAPermanentProblemWithARemedy() throws Exception {
    try (JobFixture job = job(Path.of("/no/such/docker"));
        Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .isEqualTo(
              "no container engine: install docker or podman and start it (/no/such/docker: not installed)");
      assertThat(execution.permanent()).isTrue();
    }
  }

  @Test
  void engineThatDoesNotAnswer_isNamedWithItsWords() throws Exception {
    Path engine = engine("echo Cannot connect to the daemon.; exit 1\n");
    assertThatThrownBy(() -> new ContainerEngine(engine.toString()).program())
        .isInstanceOf(JobProblem.class)
        .hasMessageEndingWith("(" + engine + ": Cannot connect to the daemon.)");
  }

  @Test
  void arguments_confineAndNameNoSecret() throws Exception {
    Path engine =
        engine("test $1 = run || exit 0\nprintf '%s\\n' \"$@\"\necho SECRET is $SECRET\n");
    try (JobFixture job = job(engine)) {
      job.variables.put("SECRET", "hush");
      job.memoryMib = 128;
      job.network = true;
      try (Execution execution = job.command("a", "--x=$output").execute()) {
        List<String> said = execution.logTail().lines().toList();
        assertThat(said)
            .containsSequence("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
            .containsSequence("--pids-limit", "4096", "--read-only")
            .containsSequence("--memory", "128m", "--memory-swap", "128m")
            .containsSequence("--env", "SECRET")
            .containsSequence("--entrypoint", "a", "sha256:1", "--x=/yunpipe/out")
            .doesNotContain("--privileged", "none/")
            .endsWith("SECRET is hush");
        assertThat(said.stream().filter(line -> line.contains("hush"))).hasSize(1);
        assertThat(said).doesNotContainSequence("--network", "none");
      }
    }
  }

  @Test
  void ports_areOpenToThisMachineOnly() throws Exception {
    Path engine = engine("test $1 = run || exit 0\nprintf '%s\\n' \"$@\"\n");
    try (JobFixture job = job(engine)) {
      job.ports = Set.of(new Port(9090, "udp"));
      try (Execution execution = job.command("true").execute()) {
        assertThat(execution.logTail().lines().toList())
            .containsSequence("--publish", "127.0.0.1:9090:9090/udp")
            .doesNotContain("--network");
      }
    }
  }

  @Test
  void variableThatTheEngineObeys_goesInByFile() throws Exception {
    Path engine =
        engine("test $1 = run || exit 0\nwhile [ $1 != --env-file ]; do shift; done; cat $2\n");
    try (JobFixture job = job(engine)) {
      job.variables.put("PATH", "/opt/bin");
      try (Execution execution = job.command("true").execute()) {
        assertThat(execution.logTail()).contains("PATH=/opt/bin\n");
      }
      job.variables.put("PATH", "a\nb");
      try (Execution execution = job.execute()) {
        assertThat(execution.reason())
            .isEqualTo("variable PATH has several lines, which a container cannot get");
      }
    }
  }

  @Test
  void stop_endsTheWaitForAnImage() throws Exception {
    Path engine = engine("case $1 in image) exit 1;; pull) exec sleep 300;; esac\n");
    try (JobFixture job = job(engine)) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      new Thread(
              () -> {
                try {
                  job.command("true").execute().close();
                } catch (InterruptedException e) {
                  thrown.complete(e);
                }
              })
          .start();
      await().until(() -> job.executor.active("run", "stage") == 1);
      job.executor.stop("run");
      assertThat(thrown).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void pull_isToldWhileItGoesOn_andItsFailureIsNamed() throws Exception {
    Path engine =
        engine(
            """
            case $1 in
              image) exit 1;;
              pull)
                echo 'aaaaaaaaaaaa: Pulling fs layer'; echo 'aaaaaaaaaaaa: Pull complete'
                echo 'bbbbbbbbbbbb: Pulling fs layer'
                until test -e %s; do sleep 0.05; done
                echo 'connection reset by peer'; exit 1;;
            esac
            """
                .formatted(folder.resolve("go")));
    try (JobFixture job = job(engine)) {
      CompletableFuture<Execution> ended =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return job.command("true").execute();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      await()
          .untilAsserted(
              () ->
                  assertThat(job.executor.note("run"))
                      .contains("fetching image lab/image:1 (1 of 2 layers)"));
      Files.createFile(folder.resolve("go"));
      try (Execution execution = ended.get()) {
        assertThat(execution.reason())
            .isEqualTo(
                "image 'lab/image:1' is not on this machine and could not be pulled: connection"
                    + " reset by peer. Check its name, pull it by hand, or build it here.");
        assertThat(execution.permanent()).isFalse();
      }
      assertThat(job.executor.note("run")).isEmpty();
    }
  }

  @Test
  void podmanThatIsCalledDocker_isKnownByItsWords() throws Exception {
    Path podman = engine("echo Client: Podman Engine\n");
    assertThat(new ContainerEngine(podman.toString()).isPodman()).isTrue();
    Path docker = engine("echo Client: Docker Engine - Community\n");
    assertThat(new ContainerEngine(docker.toString()).isPodman()).isFalse();
  }

  @Test
  void imageWithoutARegistry_isOneOfDockerHub_withPodmanToo() throws Exception {
    Path engine =
        engine(
            """
            case $1 in
              version) echo Client: Podman Engine;;
              image) exit 1;;
              pull) echo "asked for $2"; exit 1;;
            esac
            """);
    try (JobFixture job = job(engine);
        Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .startsWith(
              "image 'lab/image:1' is not on this machine and could not be pulled: asked for"
                  + " docker.io/lab/image:1. ");
    }
  }

  @Test
  void gpus_arePassedOnlyOnRequest_inTheEnginesOwnWay() {
    ContainerArguments none = new ContainerArguments("docker", "n");
    none.limit(new Resources(0.5, 64, 0, 0), 64, false);
    assertThat(none.list())
        .containsSequence("--cpus", "0.50", "--memory", "64m", "--memory-swap", "64m")
        .doesNotContain("--gpus", "--device", "--privileged");
    ContainerArguments docker = new ContainerArguments("docker", "n");
    docker.limit(new Resources(1, 0, 0, 2), 0, false);
    assertThat(docker.list()).containsSequence("--gpus", "2");
    ContainerArguments podman = new ContainerArguments("podman", "n");
    podman.limit(new Resources(1, 0, 0, 2), 0, true);
    assertThat(podman.list())
        .containsSequence("--device", "nvidia.com/gpu=0", "--device", "nvidia.com/gpu=1");
  }

  @Test
  void user_isTheOwnerOfTheFolder() throws Exception {
    ContainerArguments arguments = new ContainerArguments("podman", "n");
    arguments.user(folder, true);
    assertThat(arguments.list())
        .containsSequence(
            "--user",
            Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid"),
            "--userns",
            "keep-id");
  }

  @Test
  void engineWithoutInit_isUsedWithoutIt() throws Exception {
    Path engine =
        engine(
            """
            test $1 = run || exit 0
            case "$*" in *--init*)
              echo 'docker: Error response from daemon: exec: "docker-init": not found' >&2; exit 125;;
            esac
            echo ran
            """);
    try (JobFixture job = job(engine);
        Execution execution = job.command("true").execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(execution.logTail()).isEqualTo("ran\n");
    }
  }

  @Test
  void refusedContainer_givesTheEnginesWords() throws Exception {
    Path engine =
        engine(
            "test $1 = run || exit 0\necho 'docker: Error: port is already allocated.' >&2; exit 125\n");
    try (JobFixture job = job(engine);
        Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .isEqualTo("the container could not be started: Error: port is already allocated.");
      assertThat(execution.permanent()).isFalse();
    }
  }
}
