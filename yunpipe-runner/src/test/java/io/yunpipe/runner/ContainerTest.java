package io.yunpipe.runner;

import static io.yunpipe.runner.JobFixture.text;
import static io.yunpipe.runner.JobFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Resources;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import io.yunpipe.testkit.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands in containers of their own. */
@Tag("docker")
@Timeout(120)
class ContainerTest extends EngineFixture {
  @Test
  void command_readsInputAndWritesOutput() throws Exception {
    job.input("plate/a b,\"c\".txt", "data");
    job.variables.put("SECRET", "top\nsecret");
    job.sh("cp \"$1\" $2/copy; echo \"$1 $2 $SECRET\"; ls /yunpipe");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(texts(execution)).containsExactly(entry("copy", "data"));
      assertThat(execution.logTail())
          .isEqualTo("/yunpipe/in/plate/a b,\"c\".txt /yunpipe/out top\nsecret\nin\nout\n");
    }
    assertThat(job.scratch).doesNotExist();
  }

  @Test
  void environment_holdsNothingOfTheHost() throws Exception {
    job.variables.put("A", "1");
    job.variables.put("DOCKER_HOST", "mine");
    try (Execution execution = job.command("env").execute()) {
      assertThat(
              execution.logTail().lines().map(line -> line.replaceAll("HOSTNAME=.*", "HOSTNAME=")))
          .isSubsetOf(
              "TERM=xterm", // podman adds these two
              "container=podman",
              "PATH=/bin",
              "HOSTNAME=",
              "HOME=/tmp",
              "TMPDIR=/tmp",
              "LANG=C.UTF-8",
              "LC_ALL=C.UTF-8",
              "A=1",
              "DOCKER_HOST=mine",
              "YUNPIPE_ATTEMPT=" + execution.environment().get("YUNPIPE_ATTEMPT"))
          .contains("A=1", "DOCKER_HOST=mine", "HOME=/tmp");
    }
  }

  @Test
  void container_isConfined() throws Exception {
    job.resources = new Resources(1, 64, 0, 0);
    job.memoryMib = 64;
    job.input("a", "x");
    job.sh(
        """
        touch /x 2>/dev/null && echo root is writable
        touch $1 2>/dev/null && echo input is writable
        touch /tmp/x || echo tmp is not writable
        ls /sys/class/net | tr '\\n' ' '
        grep -c '0000000000000000' /proc/self/status
        grep NoNewPrivs /proc/self/status
        cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null
        echo 1 > $2/y
        """);
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(execution.logTail()).doesNotContain("writable");
      assertThat(execution.logTail()).contains("lo ").doesNotContain("eth0");
      assertThat(execution.logTail()).contains("NoNewPrivs:\t1").contains(Long.toString(64L << 20));
    }
  }

  @Test
  void tooMuchMemory_isSaid() throws Exception {
    job.memoryMib = 16;
    job.command("sh", "-c", "x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#x}");
    try (Execution execution = job.execute()) {
      assertThat(execution.exitCode()).isEqualTo(137);
      assertThat(execution.reason())
          .startsWith("killed by signal 9 (exit code 137): possibly out of memory (limit 16 MiB)");
    }
    assertThat(Path.of("oom")).doesNotExist();
  }

  @Test
  void timeLimit_endsTheContainer() throws Exception {
    job.timeoutMillis = 1500;
    job.command("sh", "-c", "trap '' TERM; echo started; while :; do sleep 1; done");
    Attempt attempt = job.attempt();
    try (Execution execution = job.executor.execute(attempt)) {
      assertThat(execution.reason()).isEqualTo("did not finish within 1.5s (timeout)");
    }
    assertThat(ask("ps", "--all", "--quiet", "--filter", "name=yunpipe-" + attempt.id())).isEmpty();
    assertThat(job.scratch).doesNotExist();
  }

  @Test
  void stop_endsTheContainer() throws Exception {
    job.command("sh", "-c", "trap '' TERM; echo started; while :; do sleep 1; done");
    Attempt attempt = job.attempt();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                job.executor.execute(attempt).close();
              } catch (InterruptedException e) {
                thrown.complete(e);
              }
            })
        .start();
    await().atMost(30, TimeUnit.SECONDS).until(() -> log().equals("started\n"));
    job.executor.stop("run");
    assertThat(thrown).succeedsWithin(Duration.ofSeconds(30));
    assertThat(ask("ps", "--all", "--quiet", "--filter", "name=yunpipe-" + attempt.id())).isEmpty();
  }

  private String log() throws Exception {
    var log = job.executor.log("run", "job");
    if (log.isEmpty()) {
      return "";
    }
    try (var in = log.get()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void exitCode_isTheCommands() throws Exception {
    try (Execution execution = job.command("sh", "-c", "echo bad; exit 127").execute()) {
      assertThat(execution.reason()).isEqualTo("exited with code 127: bad");
      assertThat(execution.permanent()).isFalse();
    }
  }

  @Test
  void unknownCommand_isTheImages() throws Exception {
    try (Execution execution = job.command("no-such-program").execute()) {
      assertThat(execution.reason())
          .startsWith("command 'no-such-program' was not found in image '" + IMAGE + "': ");
      assertThat(execution.permanent()).isTrue();
      assertThat(execution.exitCode()).isEqualTo(127);
    }
    try (Execution execution = job.command("/etc/passwd").execute()) {
      assertThat(execution.reason())
          .startsWith("command '/etc/passwd' cannot be executed in image");
      assertThat(execution.permanent()).isTrue();
    }
  }

  @Test
  void missingImage_isSaidWithARemedy() throws Exception {
    job.image = "127.0.0.1:9/no/such:1";
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .startsWith(
              "image '127.0.0.1:9/no/such:1' is not on this machine and could not be pulled: ")
          .endsWith("Check its name, pull it by hand, or build it here.");
    }
  }

  @Test
  void missingExecutable_isFoundBeforeTheFirstRun() throws Exception {
    job.executablePath = "/change123";
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason())
          .startsWith("image '" + IMAGE + "' does not hold the executable /change123");
      assertThat(execution.permanent()).isTrue();
    }
    job.executablePath = "/bin/busybox";
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason()).isNull();
    }
  }

  @Test
  void oldDescription_findsItsFileAtTheRoot() throws Exception {
    job.inputPath = "/";
    job.outputPath = "/";
    job.outputMode = OutputMode.FILE;
    job.input("in/scan.txt", "data").sh("echo $1; cp $1 $2");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(execution.logTail()).isEqualTo("/scan.txt\n");
      assertThat(texts(execution)).containsExactly(entry("scan.txt", "data"));
    }
  }

  @Test
  void staging_worksAtAbsoluteAndRelativePaths() throws Exception {
    job.staging.add(new StagedEntry("/opt/conf/a.txt", null, "absolute\n", false));
    job.staging.add(new StagedEntry("b.txt", null, "relative\n", true));
    job.staging.add(new StagedEntry("/data", null, null, true));
    job.stdin = "b.txt";
    job.stdout = "said.txt";
    job.command(
        "sh",
        "-c",
        "pwd; cat /opt/conf/a.txt -; echo x > /data/x && cat /data/x; echo more >> b.txt");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(texts(execution))
          .containsExactly(entry("said.txt", "/yunpipe/work\nabsolute\nrelative\nx\n"));
    }
  }

  @Test
  void linksInTheContainersOwnPaths_areFollowed() throws Exception {
    job.sh("echo 1 > $2/a; ln -s $2/a $2/b");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsExactly(entry("a", "1\n"), entry("b", "1\n"));
    }
    job.sh("ln -s /etc/passwd $2/b");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("outside the output folder");
    }
  }

  @Test
  void emptyCommand_isTheImagesEntryPoint() throws Exception {
    job.image =
        derived("ENTRYPOINT [\"cat\", \"/data/in/a.txt\"]", "CMD []", "LABEL maintainer=lab");
    job.inputPath = "/data/in";
    job.input("a.txt", "by itself");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(text(execution.log())).isEqualTo("by itself");
    }
    try (Execution execution = job.command("echo", "a command replaces it").execute()) {
      assertThat(execution.logTail()).isEqualTo("a command replaces it\n");
    }
  }

  @Test
  void wrappedImage_runsTheAlgorithm_neverTheWorker() throws Exception {
    job.image =
        derived(
            "ENTRYPOINT [\"/opt/yunpipe/worker\"]",
            "CMD []",
            label("io.yunpipe.entrypoint", "[\"cat\"]"),
            label("io.yunpipe.cmd", "[\"/yunpipe/in/a.txt\"]"));
    job.input("a.txt", "by its own entry point");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(text(execution.log())).isEqualTo("by its own entry point");
    }
    try (Execution execution = job.command("echo", "by its command").execute()) {
      assertThat(execution.logTail()).isEqualTo("by its command\n");
    }
  }

  @Test
  void run_keepsItsImage_whenTheTagMoves() throws Exception {
    String image = derived("ENTRYPOINT [\"echo\", \"first\"]", "CMD []");
    try (MemoryObjectStore store = new MemoryObjectStore(Clock.systemUTC());
        JobFixture one = fixture(folder.resolve("one"), store);
        JobFixture two = fixture(folder.resolve("two"), store)) {
      one.image = image;
      two.image = image;
      try (Execution execution = one.execute()) {
        assertThat(execution.logTail()).isEqualTo("first\n");
      }
      ask("tag", derived("ENTRYPOINT [\"echo\", \"second\"]", "CMD []"), image);
      for (JobFixture worker : List.of(one, two)) {
        try (Execution execution = worker.execute()) {
          assertThat(execution.logTail()).isEqualTo("first\n");
        }
      }
      two.run = "later";
      try (Execution execution = two.execute()) {
        assertThat(execution.logTail()).isEqualTo("second\n");
      }
    }
  }

  @Test
  void image_pinnedToWhatIsGone_isAnErrorInsteadOfAnotherImage() throws Exception {
    job.pin = "sha256:" + "0".repeat(64);
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.permanent()).isTrue();
      assertThat(execution.reason())
          .isEqualTo(
              "image '%s' of this run (%s) is not on this machine, and no registry has it. Run its jobs where it was submitted, or submit again to use the image of today."
                  .formatted(IMAGE, job.pin));
    }
  }

  @Test
  void outputs_ofAMappedUser_areTheirs() throws Exception {
    Mapped mapped = mapped();
    Path theirs = Files.createTempDirectory(mapped.folder(), "theirs");
    Files.setAttribute(theirs, "unix:uid", 12345);
    Files.setAttribute(theirs, "unix:gid", 12346);
    ContainerEngine engine = new ContainerEngine(mapped.engine());
    ContainerArguments arguments =
        new ContainerArguments(engine.program().toString(), "yunpipe-test-" + System.nanoTime());
    arguments.confine(engine.isPodman(), false, 64);
    arguments.user(theirs, engine.isPodman());
    arguments.mount(theirs, "/out", true);
    arguments.command(
        IMAGE, List.of("sh", "-c", "id -u > /out/uid; ulimit -u; grep Cap /proc/self/status"));
    Tool.Result result = Tool.run(arguments.list(), Duration.ofSeconds(60));
    assertThat(result.ok()).as(result.output()).isTrue();
    assertThat(theirs.resolve("uid")).hasContent("12345");
    assertThat(Files.getAttribute(theirs.resolve("uid"), "unix:uid")).isEqualTo(12345);
    assertThat(Files.getAttribute(theirs.resolve("uid"), "unix:gid")).isEqualTo(12346);
  }

  @Test
  void userOfTheImage_runsIt_andWritesItsOutputs() throws Exception {
    job.image = derived("USER 12345:12346", "CMD []");
    job.input("a.txt", "mine");
    job.sh("id -u > $2/uid; cat \"$1\" > $2/copy; touch /tmp/x; grep CapEff /proc/self/status");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(texts(execution)).containsOnly(entry("uid", "12345\n"), entry("copy", "mine"));
      assertThat(execution.logTail()).isEqualTo("CapEff:\t0000000000000000\n");
    }
  }

  @Test
  void processes_areLimited() throws Exception {
    job.command(
        "sh", "-c", "cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; true");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).isEqualTo("4096\n");
    }
  }
}
