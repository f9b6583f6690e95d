package io.yunpipe.runner;

import static io.yunpipe.runner.JobFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.BackendException;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest extends OneJob {
  private void fails(String reason, boolean permanent, int code) throws Exception {
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isEqualTo(reason);
      assertThat(execution.permanent()).isEqualTo(permanent);
      assertThat(execution.exitCode()).isEqualTo(code);
      assertThat(execution.outputs()).isEmpty();
    }
    assertThat(job.left()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo hello; echo bad value >&2; exit 1 | 1 | exited with code 1: bad value",
        "exit 3 | 3 | exited with code 3",
        "exit 75 | 75 | asked for another attempt (exit code 75)",
        "kill -9 $$ | 137 | killed by signal 9 (exit code 137): possibly out of memory",
        "kill -SEGV $$ | 139 | killed by signal 11 (exit code 139): segmentation fault",
        "kill $$ | 143 | killed by signal 15 (exit code 143): terminated",
        "exit 137 | 137 | killed by signal 9 (exit code 137): possibly out of memory",
        "exit 127 | 127 | exited with code 127",
      })
  void exitCode_isSaidInWords(String script, int code, String reason) throws Exception {
    job.command("sh", "-c", script);
    fails(reason, false, code);
  }

  @Test
  void javaStackTrace_givesTheException() throws Exception {
    job.command(
        "sh",
        "-c",
        "printf 'java.lang.X: broken image\\n\\tat A.b(A.java:1)\\n\\t... 3 more\\n'; exit 1");
    fails("exited with code 1: java.lang.X: broken image", false, 1);
  }

  @Test
  void failedJob_keepsItsLog() throws Exception {
    try (Execution execution = job.command("sh", "-c", "echo a; echo b; exit 1").execute()) {
      assertThat(text(execution.log())).isEqualTo("a\nb\n");
    }
  }

  @Test
  void unknownCommand_isPermanent() throws Exception {
    String path;
    try (Execution execution = job.command("env").execute()) {
      path = execution.environment().get("PATH");
    }
    job.command("no-such-program", "$input");
    fails(
        "command 'no-such-program' was not found on PATH ("
            + path
            + "): install it or give its full path",
        true,
        -1);
  }

  @Test
  void missingFile_isPermanent() throws Exception {
    job.command("/no/such/program");
    fails("command '/no/such/program' was not found: there is no file /no/such/program", true, -1);
  }

  @Test
  void stagedProgramWithoutSlash_isHinted() throws Exception {
    job.staging.add(new StagedEntry("tool.sh", null, "#!/bin/sh\n", false));
    job.command("tool.sh");
    fails(
        "command 'tool.sh' was not found on PATH; a staged file has that name: write ./tool.sh",
        true,
        -1);
  }

  @Test
  void fileThatIsNoProgram_isPermanent() throws Exception {
    Path file = Files.writeString(folder.resolve("data.txt"), "x");
    job.command(file.toString());
    fails("command '" + file + "' is not executable: run chmod +x on " + file, true, -1);
  }

  @Test
  void folderAsCommand_isPermanent() throws Exception {
    job.command("/tmp");
    fails("command '/tmp' is a folder: name the program in it", true, -1);
  }

  @Test
  void missingInterpreter_isNamed() throws Exception {
    job.staging.add(new StagedEntry("tool", null, "#!/opt/none/bin/python9\n", false));
    job.command("./tool");
    fails(
        "command './tool' could not be started: the interpreter named in its first line, /opt/none/bin/python9, does not exist",
        true,
        -1);
  }

  @Test
  void nothingWritten_isAFailure() throws Exception {
    job.input("a", "x").command("test", "-d", "$output");
    fails("wrote nothing to $output, though it ended with code 0", false, 0);
  }

  @Test
  void emptyFoldersOnly_areNothing() throws Exception {
    job.sh("mkdir $2/a");
    fails("wrote nothing to $output, though it ended with code 0", false, 0);
  }

  @Test
  void nulInCommand_isPermanent() throws Exception {
    job.variables.put("X", "a\0b");
    job.command("echo", "$X");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).startsWith("the command holds a NUL character");
      assertThat(execution.permanent()).isTrue();
    }
  }

  @Test
  void nulInVariable_isPermanent() throws Exception {
    job.variables.put("X", "a\0b");
    job.command("true");
    fails("variable X holds a NUL character", true, -1);
  }

  @Test
  void veryLongArgument_isPermanent() throws Exception {
    job.command("echo", "x".repeat(300_000));
    fails(
        "command 'echo' could not be started: its arguments or variables are too long for this system",
        true,
        -1);
  }

  @Test
  void standardInputThatIsNotStaged_isPermanent() throws Exception {
    job.stdin = "nothing.txt";
    job.command("cat");
    fails("standard input 'nothing.txt' is not a staged file", true, -1);
  }

  @Test
  void fullDisk_whileStaging_isTheMachinesFault() throws Exception {
    withSmallDisk(
        disk -> {
          job.scratch = disk.resolve("scratch");
          job.input("a", "x".repeat(3 << 20)).command("cat", "$input");
          assertThatThrownBy(job::execute)
              .isInstanceOf(BackendException.class)
              .hasMessageContaining("the disk is full at " + disk)
              .hasMessageContaining("Free space there")
              .matches(e -> ((BackendException) e).retryable());
          assertThat(job.left()).isEmpty();
        });
  }

  @Test
  void fullDisk_whileRunning_isTheCommandsFailure() throws Exception {
    withSmallDisk(
        disk -> {
          job.scratch = disk.resolve("scratch");
          job.command("dd", "if=/dev/zero", "of=$output/big", "bs=1M", "count=8");
          try (Execution execution = job.execute()) {
            assertThat(execution.reason())
                .startsWith("exited with code 1")
                .contains("; the disk is full at " + disk)
                .endsWith(": free space there");
            assertThat(execution.exitCode()).isEqualTo(1);
          }
          assertThat(job.left()).isEmpty();
        });
  }

  private interface OnDisk {
    void run(Path disk) throws Exception;
  }

  private void withSmallDisk(OnDisk test) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        call("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0,
        "needs the right to mount a small tmpfs");
    try {
      test.run(disk);
    } finally {
      call("umount", disk.toString());
    }
  }

  private static int call(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
