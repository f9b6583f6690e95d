package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.yunpipe.Algorithm;
import io.yunpipe.Failure;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that misbehave, each on an input of its own, beside one that behaves. */
@Timeout(90)
class CommandTest {
  /** Does what its input says, then what good commands do. */
  private static final String OBEY =
      "sh -c '. \"$1\"; cat \"$1\" >\"$2/copy\"' obey $input $output";

  private static final String GOOD = ": all is well\n";

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
  }

  private void inputs() {
    lab.input("good.sh", GOOD);
    lab.input(
        "exits-1.sh", "echo partial >\"$2/half\"; echo no such colour: blurple >&2; exit 1\n");
    lab.input("writes-nothing.sh", "exit 0\n");
    lab.input("link-outside.sh", "ln -s /etc/passwd \"$2/passwd\"\n");
    lab.input("link-dangling.sh", "ln -s nowhere \"$2/lost\"\n");
    lab.input("pipe.sh", "mkfifo \"$2/pipe\"\n");
    lab.input("file-limit.sh", "ulimit -f 1; head -c 9999999 /dev/zero >\"$2/big\" || exit 9\n");
  }

  private static final Map<String, String> REASONS =
      Map.of(
          "exits-1.sh",
          "exited with code 1: no such colour: blurple",
          "writes-nothing.sh",
          "wrote nothing to $output, though it ended with code 0",
          "link-outside.sh",
          "refused output 'passwd': it is a link to '/etc/passwd', outside the output folder. Only files"
              + " can be results.",
          "link-dangling.sh",
          "refused output 'lost': it is a link to 'nowhere', which does not exist. Only files can be"
              + " results.",
          "pipe.sh",
          "refused output 'pipe': it is a named pipe. Only files can be results.");

  @Test
  void misbehaviour_ofEachKind_hasItsReasonAndTheGoodOneItsResult() throws Exception {
    inputs();
    Run run;
    try (Pipeline pipeline = lab.pipeline().stage(Algorithm.command("obey", OBEY)).build()) {
      run = pipeline.submit(lab.inputs);
      RunStatus status = Lab.finish(run);
      Lab.assertCounts(status, 1, 6);
      assertThat(Lab.reasons(run)).containsAllEntriesOf(REASONS).hasSize(6);
      assertThat(Lab.reasons(run).get("file-limit.sh"))
          .matches(
              "(exited with code 9|killed by signal 25 \\(exit code 153\\): file size limit).*");
      assertThat(lab.download(run)).containsExactly(entry("good.sh/copy", GOOD));
      assertThat(run.log("exits-1.sh")).isEqualTo("no such colour: blurple\n");
      Failure failure =
          run.failed().stream()
              .filter(f -> f.input().equals("exits-1.sh"))
              .findFirst()
              .orElseThrow();
      assertThat(failure.exitCode()).isEqualTo(1);
      assertThat(failure.attempts()).isEqualTo(1);
      assertThat(failure.logTail()).isEqualTo("no such colour: blurple\n");
    }
    lab.assertWhole(run, Map.of("good.sh/copy", GOOD));
  }

  @Test
  void misbehaviour_onTheCommandLine_isListedAndTheExitCodeIs1() {
    inputs();
    Path conf = lab.conf("name = obedient\nalgorithms { obey = \"\"\"" + OBEY + "\"\"\" }\n");
    Cli run = lab.cli("run", conf, lab.inputs, "-o", lab.results);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("6 of 7 jobs failed:\n", "1 result file in " + lab.results);
    REASONS.forEach(
        (input, reason) ->
            assertThat(run.err())
                .containsPattern("obey +" + input + " +" + java.util.regex.Pattern.quote(reason)));
    assertThat(Lab.texts(lab.results)).containsExactly(entry("good.sh/copy", GOOD));
    lab.assertNothingLeftOver();
  }

  @Test
  void command_thatDoesNotExist_isNamedOncePerJob() throws Exception {
    lab.input("a", "1");
    lab.input("b", "2");
    Run run;
    try (Pipeline pipeline =
        lab.pipeline().stage(Algorithm.command("typo", "no-such-program $input $output")).build()) {
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 0, 2);
      assertThat(Lab.reasons(run).get("a"))
          .startsWith("command 'no-such-program' was not found on PATH (")
          .endsWith("): install it or give its full path")
          .isEqualTo(Lab.reasons(run).get("b"));
    }
    lab.assertWhole(run, Map.of());
    Cli cli =
        lab.cli("run", lab.conf("algorithms { typo = \"no-such-program $input\" }"), lab.inputs);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains("2 of 2 jobs failed:", "'no-such-program' was not found on PATH");
  }

  @Test
  void command_thatIgnoresSigterm_isEndedWithItsChildrenAfterItsTime() throws Exception {
    lab.input("good.sh", GOOD);
    lab.input("deaf.sh", "trap '' TERM; sleep 300 & sleep 300\n");
    Algorithm obey =
        Algorithm.command("obey", OBEY).toBuilder().timeout(Duration.ofMillis(700)).build();
    Run run;
    try (Pipeline pipeline = lab.pipeline().stage(obey).build()) {
      run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 1, 1);
      assertThat(Lab.reasons(run))
          .containsExactly(entry("deaf.sh", "did not finish within 700ms (timeout)"));
    }
    lab.assertWhole(run, Map.of("good.sh/copy", GOOD));
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
  }
}
