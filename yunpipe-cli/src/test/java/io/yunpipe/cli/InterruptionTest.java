package io.yunpipe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class InterruptionTest {
  @TempDir Path folder;
  private Lab lab;
  private Path marks;

  @BeforeEach
  void prepare() throws IOException {
    lab = new Lab(folder);
    marks = Files.createDirectories(folder.resolve("marks"));
    // Waits for a file, so that the test decides when jobs end; says its process first.
    lab.workflow(
        "sh -c 'echo $$ > MARKS/$$.pid; while [ ! -e MARKS/go ]; do sleep 0.1; done;"
                .replace("MARKS", marks.toString())
            + " cp \"$0\" \"$1\"' $input $output/");
    lab.input("a.txt");
    lab.input("b.txt");
  }

  @Test
  void interrupt_ofRun_endsChildrenAndExits130AndCanBeContinued() throws Exception {
    Process process = start(lab.arguments("run", lab.workflow, lab.inputs, "-o", lab.results));
    await().atMost(Duration.ofSeconds(60)).until(() -> !pids().isEmpty() && allTaken());
    assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
        .isZero();
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    String said = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.exitValue()).as(said).isEqualTo(130);
    String id = Lab.runIn(said.substring(said.indexOf("Interrupted.")));
    assertThat(said)
        .contains(
            "Interrupted. Run "
                + id
                + " is kept: yunpipe watch "
                + id
                + " -w "
                + lab.workflow
                + " --backend-dir "
                + lab.store
                + " continues it.\n")
        .doesNotContain("\tat ");
    await().atMost(Duration.ofSeconds(10)).until(() -> pids().stream().noneMatch(this::isAlive));

    Files.createFile(marks.resolve("go"));
    Cli watch = lab.run("watch", id);
    assertThat(watch.code()).as(watch.err()).isZero();
    assertThat(lab.run("download", id, "-o", lab.results).code()).isZero();
    assertThat(lab.results.resolve("a.txt/a.txt")).exists();
  }

  @Test
  void interrupt_fromATerminal_alsoOfTheCommands_failsNoJob() throws Exception {
    Process process = start(lab.arguments("run", lab.workflow, lab.inputs));
    await().atMost(Duration.ofSeconds(60)).until(() -> !pids().isEmpty() && allTaken());
    // The whole group, as Ctrl-C does it.
    assertThat(new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start().waitFor())
        .isZero();
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    String said = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.exitValue()).as(said).isEqualTo(130);
    String id = Lab.runIn(said.substring(said.indexOf("Interrupted.")));
    assertThat(lab.run("status", "--json", id).out()).contains("\"failed\" : 0,");

    Files.createFile(marks.resolve("go"));
    Cli watch = lab.run("watch", id);
    assertThat(watch.code()).as(watch.err()).isZero();
  }

  /** Jobs begin before all inputs are taken; an interruption before that cancels the run. */
  private boolean allTaken() throws IOException {
    try (Stream<Path> files = Files.walk(lab.store.resolve("runs"))) {
      return files.anyMatch(file -> file.endsWith("seal.json"));
    } catch (UncheckedIOException e) {
      return false; // a file went away meanwhile
    }
  }

  private boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private List<Long> pids() throws IOException {
    try (Stream<Path> files = Files.list(marks)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".pid"))
          .map(name -> Long.parseLong(name.substring(0, name.length() - 4)))
          .toList();
    }
  }

  /**
   * Starts a process group of its own. A shell in the background lets its children ignore the
   * signal; here they must not.
   */
  private static Process start(String... args) throws IOException {
    ProcessBuilder builder = Child.builder(args);
    List<String> command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
    command.addAll(builder.command());
    return builder.command(command).start();
  }
}
