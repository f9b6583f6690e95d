package io.yunpipe.runner;

import static io.yunpipe.runner.JobFixture.text;
import static io.yunpipe.runner.JobFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import io.yunpipe.internal.InputRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCommandTest extends OneJob {
  @Test
  void command_readsInputAndWritesOutput() throws Exception {
    job.input("plate/a.png", "pixels").command("cp", "$input", "$output/copy.png");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(execution.exitCode()).isZero();
      assertThat(texts(execution)).containsExactly(entry("copy.png", "pixels"));
      assertThat(execution.log()).isNull();
      assertThat(execution.argv().get(1)).endsWith("/in/plate/a.png");
      assertThat(execution.took()).isPositive();
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void quietCommand_makesNoFolderForFilesItDoesNotName() throws Exception {
    job.input("a", "x").command("sh", "-c", "ls $HOME/..");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail().lines()).doesNotContain("in", "out");
      assertThat(execution.outputs()).isEmpty();
      assertThat(execution.succeeded()).isTrue();
    }
  }

  @Test
  void environment_isExact() throws Exception {
    job.variables.put("SIGMA", "a b\"c'$HOME\n2");
    job.command("env", "-0");
    try (Execution execution = job.execute()) {
      Path home = Path.of(execution.environment().get("HOME"));
      assertThat(home.getParent().getParent()).isEqualTo(folder);
      assertThat(text(execution.log()).split("\0"))
          .containsExactlyInAnyOrder(
              "PATH=" + execution.environment().get("PATH"),
              "HOME=" + home,
              "TMPDIR=" + home.resolveSibling("tmp"),
              "LANG=C.UTF-8",
              "LC_ALL=C.UTF-8",
              "SIGMA=a b\"c'$HOME\n2",
              "YUNPIPE_ATTEMPT=" + execution.environment().get("YUNPIPE_ATTEMPT"));
      assertThat(execution.environment().get("PATH")).startsWith(System.getenv("PATH"));
    }
  }

  @Test
  void homeAndTmpdir_canBeWrittenTo() throws Exception {
    job.command("sh", "-c", "echo a > $HOME/x && echo b > $TMPDIR/x && pwd && cat x");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).isEqualTo(execution.environment().get("HOME") + "\na\n");
    }
    assertThat(job.left()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b.png",
        "a+b%20c.png",
        "it's \"quoted\".png",
        "$(touch pwned);`id`.png",
        "-n",
        "日本語 ü.tif",
        "a\nb"
      })
  void oddNames_arriveAsTheyAre(String name) throws Exception {
    job.name = name;
    job.input(name, "x").command("cp", "--", "$input", "$output");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(texts(execution)).containsExactly(entry(name, "x"));
    }
  }

  @Test
  void nameOf255Bytes_isStagedAndKept() throws Exception {
    String name = "é".repeat(125) + "a.png";
    job.input(name, "x").command("cp", "$input", "$output");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsOnlyKeys(name);
    }
  }

  @Test
  void nameOf256Bytes_isRefused() throws Exception {
    job.input("a".repeat(256), "x").command("cat", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("has a part of more than 255 bytes");
      assertThat(execution.permanent()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/etc/passwd", "a/../../b", "", "a//b", "."})
  void namesThatLeaveTheFolder_areRefused(String name) throws Exception {
    job.input(name, "x").command("cat", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("cannot be placed: its name");
      assertThat(execution.permanent()).isTrue();
    }
  }

  @Test
  void severalInputs_areOneFolder() throws Exception {
    job.input("r/1.txt", "one").input("g/1.txt", "two");
    job.command("sh", "-c", "cat $0/r/1.txt $0/g/1.txt", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).isEqualTo("onetwo");
    }
  }

  @Test
  void gatherOfOne_isAFolder() throws Exception {
    job.gather = true;
    job.input("only.txt", "one").command("ls", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).isEqualTo("only.txt\n");
    }
  }

  @Test
  void gather_readsInputsOneByOne() throws Exception {
    int count = 3000;
    JobFixture gather = job.command("sh", "-c", "ls $0 | wc -l", "$input");
    AttemptInputs lazy =
        new AttemptInputs(
            () ->
                IntStream.range(0, count)
                    .mapToObj(i -> new InputRef(i + ".txt", null, 1, "", new byte[] {'x'}))
                    .iterator());
    try (Execution execution = gather.executor.execute(lazy.in(gather))) {
      assertThat(execution.logTail()).isEqualTo(count + "\n");
    }
  }

  /** Inputs that can only be iterated. */
  private record AttemptInputs(Iterable<InputRef> inputs) {
    Attempt in(JobFixture job) {
      return new Attempt(
          "run",
          "stage",
          "job",
          "all",
          "gather",
          job.spec(),
          job.variables,
          inputs,
          true,
          0,
          job.scratch);
    }
  }

  @Test
  void twoInputsOfOneName_areRefused() throws Exception {
    job.input("a", "x").input("a", "y").command("ls", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason())
          .isEqualTo("input 'a' cannot be placed: another one has the same name");
    }
  }

  @Test
  void fileAndFolderOfOneName_areRefused() throws Exception {
    job.input("a", "x").input("a/b", "y").command("ls", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).contains("input 'a/b' cannot be placed");
    }
  }

  @Test
  void changedInput_failsWithBothChecksums() throws Exception {
    InputRef ref = job.stored("a", "as submitted");
    Files.writeString(Path.of(String.valueOf(ref.key())), "changed");
    job.inputs.add(ref);
    try (Execution execution = job.command("cat", "$input").execute()) {
      assertThat(execution.reason())
          .startsWith(
              "input 'a' does not match its checksum: expected 12 bytes with SHA-256 "
                  + ref.sha256())
          .contains("has 7 with");
      assertThat(execution.exitCode()).isEqualTo(-1);
    }
  }

  @Test
  void vanishedInput_isNamed() throws Exception {
    job.inputs.add(new InputRef("a", "/nowhere/at/all", 1, "", null));
    try (Execution execution = job.command("cat", "$input").execute()) {
      assertThat(execution.reason())
          .isEqualTo(
              "input 'a' is gone: the store has no object /nowhere/at/all. Submit it again.");
      assertThat(execution.permanent()).isTrue();
    }
  }

  @Test
  void fileOutput_isAPathThatDoesNotExist() throws Exception {
    job.outputMode = OutputMode.FILE;
    job.input("in/a.png", "x").sh("test ! -e $2 && cp $1 $2");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsExactly(entry("a.png", "x"));
    }
  }

  @Test
  void fileOutput_mayBecomeAFolder() throws Exception {
    job.outputMode = OutputMode.FILE;
    job.input("a.png", "x").sh("mkdir $2 && cp $1 $2/b && cp $1 $2/c");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsOnlyKeys("a.png/b", "a.png/c");
    }
  }

  @Test
  void yunpipeNaming_renamesASingleFile() throws Exception {
    job.naming = "yunpipe";
    job.outputMode = OutputMode.FILE;
    job.input("a.png", "x").command("cp", "$input", "$output");
    try (Execution execution = job.execute()) {
      assertThat(texts(execution)).containsExactly(entry("Result-alg-a.png", "x"));
    }
  }

  @Test
  void folderResult_isKeptAsItIs() throws Exception {
    job.naming = "yunpipe";
    job.input("a.png", "x").sh("mkdir $2/d $2/empty && cp $1 $2/d/b && cp $1 $2/c");
    try (Execution execution = job.execute()) {
      assertThat(List.copyOf(execution.outputs().keySet())).containsExactly("c", "d/b");
    }
  }

  @Test
  void staging_placesFilesTextsAndFolders() throws Exception {
    job.staging.add(
        new StagedEntry(
            "bin/tool", job.stored("tool", "#!/bin/sh\ncat conf/c.txt $1"), null, false));
    job.staging.add(new StagedEntry("conf/c.txt", null, "höhe=1\n", true));
    job.staging.add(new StagedEntry("empty", null, null, true));
    job.input("a", "data").command("bin/tool", "$input");
    try (Execution execution = job.execute()) {
      assertThat(execution.reason()).isNull();
      assertThat(execution.logTail()).isEqualTo("höhe=1\ndata");
    }
    job.command("sh", "-c", "stat -c '%n %a' bin/tool conf/c.txt empty");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).isEqualTo("bin/tool 555\nconf/c.txt 644\nempty 755\n");
    }
    assertThat(job.left()).isEmpty();
  }

  @Test
  void absoluteStaging_needsAContainer() throws Exception {
    job.staging.add(new StagedEntry("/etc/x", null, "x", false));
    try (Execution execution = job.command("true").execute()) {
      assertThat(execution.reason()).contains("is absolute, which only a container can have");
    }
  }

  @Test
  void streams_goToFilesAndComeFromFiles() throws Exception {
    job.staging.add(new StagedEntry("q.txt", null, "question", false));
    job.stdin = "q.txt";
    job.stdout = "logs/out.txt";
    job.stderr = "err.txt";
    try (Execution execution = job.command("sh", "-c", "cat; echo oops >&2").execute()) {
      assertThat(texts(execution))
          .containsExactly(entry("err.txt", "oops\n"), entry("logs/out.txt", "question"));
      assertThat(execution.log()).isNull();
    }
  }

  @Test
  void standardInput_isEmptyUnlessGiven() throws Exception {
    try (Execution execution = job.command("wc", "-c").execute()) {
      assertThat(execution.logTail()).isEqualTo("0\n");
    }
    job.stdin = "$input";
    job.input("a", "12345");
    try (Execution execution = job.execute()) {
      assertThat(execution.logTail()).isEqualTo("5\n");
    }
  }

  @Test
  void successCodes_areResults() throws Exception {
    job.successCodes = Set.of(0, 3);
    try (Execution execution = job.command("sh", "-c", "exit 3").execute()) {
      assertThat(execution.succeeded()).isTrue();
      assertThat(execution.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void log_isOneFileInOrder() throws Exception {
    try (Execution execution =
        job.command("sh", "-c", "echo 1; echo 2 >&2; echo 3; echo 4 >&2").execute()) {
      assertThat(text(execution.log())).isEqualTo("1\n2\n3\n4\n");
    }
  }

  @Test
  void endlessLog_isCutInTheMiddle() throws Exception {
    job.command("sh", "-c", "echo first; seq 1 400000; echo last");
    try (Execution execution = job.execute()) {
      String log = text(execution.log());
      assertThat(log).startsWith("first\n1\n2\n").endsWith("\n400000\nlast\n");
      assertThat(log).containsPattern("\\[yunpipe: \\d+ bytes of this log were dropped here\\]");
      assertThat(log.length()).isLessThan(200_000);
      assertThat(execution.logTail()).hasSizeLessThanOrEqualTo(4096).endsWith("last\n");
    }
  }

  @Test
  void matrixVariable_isReplacedInsideTokens() throws Exception {
    job.variables.put("N", "3 4");
    try (Execution execution = job.command("printf", "<%s>", "--n=$N", "$UNKNOWN").execute()) {
      assertThat(execution.logTail()).isEqualTo("<--n=3 4><$UNKNOWN>");
    }
  }

  @Test
  void trial_showsEverything() throws Exception {
    Path input = Files.writeString(folder.resolve("x.txt"), "hello");
    job.variables.put("A", "1");
    job.sh("echo seen $A; tr a-z A-Z < $1 > $2/up.txt");
    var trial =
        Trials.run(job.spec(), null, input, java.util.Map.of("A", "2"), JobFixture.SETTINGS);
    assertThat(trial.succeeded()).isTrue();
    assertThat(trial.log()).isEqualTo("seen 2\n");
    assertThat(trial.environment()).containsEntry("A", "2");
    assertThat(trial.outputs()).containsExactly("up.txt");
    assertThat(trial.outputFolder().resolve("up.txt")).hasContent("HELLO");
    deleteAll(trial.outputFolder());
  }

  private static void deleteAll(Path tree) throws IOException {
    FileTrees.delete(tree);
    assertThat(tree).doesNotExist();
  }
}
