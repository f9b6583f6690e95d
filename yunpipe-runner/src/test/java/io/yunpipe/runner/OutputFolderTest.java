package io.yunpipe.runner;

import static io.yunpipe.runner.JobFixture.text;
import static io.yunpipe.runner.JobFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.spi.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputFolderTest extends OneJob {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ln -s /etc/passwd x | is a link to '/etc/passwd', outside the output folder",
        "ln -s ../../../../../../../../../../etc/passwd x | is a link to '../../../../../../../../../../etc/passwd', outside the output folder",
        "ln -s /etc x | is a link to '/etc', outside the output folder",
        "ln -s nothing x | is a link to 'nothing', which does not exist",
        "ln -s x x | is a link to 'x', which cannot be followed",
        "mkdir d; ln -s d x; echo 1 > d/f | is a link to 'd', which is not a file",
        "mkfifo x | is a named pipe",
        "ln -s ../log x | is a link to '../log', outside the output folder",
      })
  void thingThatIsNoFile_isRefusedByName(String script, String why) throws Exception {
    job.command("sh", "-c", "cd $0; " + script, "$output");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).startsWith("refused output 'x': it " + why);
      assertThat(execution.permanent()).isTrue();
      assertThat(execution.outputs()).isEmpty();
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void device_isRefused() throws Exception {
    job.command("sh", "-c", "mknod $0/null c 1 3 || exit 9", "$output");
    try (Execution execution = job.execute()) {
      assumeTrue(execution.exitCode() != 9, "needs the right to make devices");
      assertThat(execution.reason())
          .isEqualTo("refused output 'null': it is a device. Only files can be results.");
    }
  }

  @Test
  void socket_isRefused() throws Exception {
    job.command(
        "python3",
        "-c",
        "import os,socket,sys; os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind('s')",
        "$output");
    try (Execution execution = job.execute()) {
      assumeTrue(execution.exitCode() == 0, "needs python3");
      assertThat(execution.reason()).startsWith("refused output 's': it is a socket");
    }
  }

  @Test
  void linksInsideTheFolder_becomeCopies() throws Exception {
    job.sh("cd $2; mkdir d; echo 1 > lib.so.1; ln -s lib.so.1 lib.so; ln -s $2/lib.so d/abs");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution))
          .containsExactly(entry("d/abs", "1\n"), entry("lib.so", "1\n"), entry("lib.so.1", "1\n"));
      assertThat(text(execution.log()))
          .contains("output 'lib.so' is a link to 'lib.so.1': kept as a copy");
    }
  }

  @Test
  void outputFolderReplacedByALink_isRefused() throws Exception {
    job.sh("rmdir $2 && ln -s /etc $2");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("the output folder was replaced by a link");
    }
  }

  @Test
  void outputFolderRemoved_isNothing() throws Exception {
    job.sh("rmdir $2");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).startsWith("wrote nothing to $output");
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void closedFilesAndFolders_areOpened() throws Exception {
    job.sh(
        "cd $2; mkdir d; echo 1 > d/f; chmod 000 d/f d; echo 2 > setuid; chmod 6755 setuid; chmod 555 .");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsExactly(entry("d/f", "1\n"), entry("setuid", "2\n"));
      Path setuid = execution.outputs().get("setuid").file().orElseThrow();
      assertThat((Integer) Files.getAttribute(setuid, "unix:mode") & 07777).isEqualTo(0755);
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void fileWithASecondName_isCopiedByTheStore() throws Exception {
    job.sh("echo 1 > $2/a; ln $2/a $HOME/b; echo 2 > $2/own");
    try (Execution execution = job.execute()) {
      assertThat(Objects.requireNonNull(execution.outputs().get("a")))
          .returns(false, Content::movable);
      assertThat(Objects.requireNonNull(execution.outputs().get("own")))
          .returns(true, Content::movable);
    }
  }

  @Test
  void nameThatIsNotUtf8_isRefused() throws Exception {
    job.command("sh", "-c", "echo 1 > \"$(printf '%s/\\377x' \"$0\")\"", "$output");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .startsWith("cannot keep an output: its name is not valid UTF-8");
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void veryDeepName_isRefused() throws Exception {
    job.command(
        "sh",
        "-c",
        "cd $0; for i in 1 2 3 4; do mkdir $1 && cd $1; done; echo 1 > f",
        "$output",
        "d".repeat(200));
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .startsWith("cannot keep an output: its name has more than 768 bytes");
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void oddNames_areKept() throws Exception {
    job.command("sh", "-c", "cd \"$0\"; echo 1 > 'a b+%\"é'; echo 2 > '日本'", "$output");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsOnlyKeys("a b+%\"é", "日本");
    }
  }
}
