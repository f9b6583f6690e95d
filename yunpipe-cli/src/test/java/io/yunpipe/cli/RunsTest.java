package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a run that another call began. */
class RunsTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void prepare() throws IOException {
    lab = new Lab(folder);
  }

  @Test
  void watch_submittedRun_worksOnItToItsEnd() throws IOException {
    lab.input("a.txt");
    lab.input("b.txt");
    String id = lab.submit();
    Cli watch = lab.run("watch", id);
    assertThat(watch.code()).as(watch.err()).isZero();
    assertThat(watch.err()).contains(id + " succeeded: copy 2/2; after ");
    assertThat(lab.run("download", id, "-o", lab.results).err())
        .isEqualTo("2 result files in " + lab.results + "\n");
    assertThat(lab.results.resolve("b.txt/b.txt")).hasContent("content of b.txt");
  }

  @Test
  void status_finishedRun_countsPerStageAndState() throws IOException {
    String id = finishedWithOneFailure();
    Cli text = lab.run("status", id);
    assertThat(text)
        .isEqualTo(
            new Cli(
                1,
                """
                run %s of picky: failed
                STAGE  PENDING  RUNNING  SUCCEEDED  FAILED  TOTAL
                copy   0        0        1          1       2
                """
                    .formatted(id),
                ""));
    Cli json = lab.run("status", "--json", "--failures", id);
    assertThat(json.out())
        .contains("\"run\" : \"" + id + "\"")
        .contains("\"succeeded\" : 1,\n    \"failed\" : 1,\n    \"total\" : 2")
        .contains("\"failures\" : [")
        .contains("\"input\" : \"bad.txt\"", "\"exitCode\" : 3");
  }

  @Test
  void logs_byInput_printsWhatTheJobWrote() throws IOException {
    String id = finishedWithOneFailure();
    assertThat(lab.run("logs", id, "bad.txt")).isEqualTo(new Cli(0, "cannot read it\n", ""));
    assertThat(lab.run("logs", "-f", id, "bad.txt").out()).isEqualTo("cannot read it\n");
    Cli unknown = lab.run("logs", id, "none.txt");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("none.txt").hasLineCount(1);
  }

  @Test
  void retry_causeStillThere_failsAgainInANewGeneration() throws IOException {
    String id = finishedWithOneFailure();
    Cli retry = lab.run("retry", id, "--quiet", "--json");
    assertThat(retry.code()).as(retry.err()).isEqualTo(1);
    assertThat(retry.out()).contains("\"generation\" : 2,", "\"failed\" : 1,");
  }

  @Test
  void runs_ofAllPipelines_areListedNewestFirst() throws IOException {
    String first = finishedWithOneFailure();
    String second = lab.submit();
    Cli runs = lab.run("runs");
    assertThat(runs.code()).as(runs.err()).isZero();
    assertThat(runs.out().lines().map(line -> line.split(" ", -1)[0]))
        .containsExactly("RUN", second, first);
    assertThat(lab.run("runs", "--json", "-w", lab.workflow).out())
        .contains("\"run\" : \"" + first + "\"", "\"state\" : \"FAILED\"");
  }

  @Test
  void cancel_submittedRun_endsIt() throws IOException {
    lab.input("a.txt");
    lab.workflow("sh -c 'sleep 600' $input");
    String id = lab.submit();
    assertThat(lab.run("cancel", id)).isEqualTo(new Cli(0, "", "Run " + id + " is cancelled.\n"));
    assertThat(lab.run("status", "--json", id).out()).contains("\"state\" : \"CANCELLED\"");
    assertThat(lab.run("cancel", id).err())
        .isEqualTo("Run " + id + " is finished already: CANCELLED.\n");
    assertThat(lab.run("watch", id).code()).isEqualTo(1);
  }

  @Test
  void anyCommand_unknownRun_isBadInput() {
    for (String command : new String[] {"status", "watch", "cancel", "retry"}) {
      Cli run = lab.run(command, "no-such-run");
      assertThat(run.code()).as(command + run.err()).isEqualTo(2);
      assertThat(run.err()).contains("no-such-run").hasLineCount(1);
    }
  }

  @Test
  void cleanUp_empty_asksFirst() throws IOException {
    String id = finishedWithOneFailure();
    Cli refused = lab.run("clean-up", lab.workflow, "--empty");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).startsWith("Remove all runs and results of picky? [y/N]: ");
    assertThat(lab.run("status", id).code()).isEqualTo(1);
    Cli done = lab.run("clean-up", lab.workflow, "--empty", "--yes");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).contains("removed  ");
    assertThat(lab.run("status", id).code()).isEqualTo(2);
  }

  private String finishedWithOneFailure() throws IOException {
    lab.input("good.txt");
    lab.input("bad.txt");
    return Lab.runIn(lab.run("run", lab.workflow, lab.inputs, "-q").err());
  }
}
