package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void prepare() throws IOException {
    lab = new Lab(folder);
  }

  @Test
  void run_allSucceed_leavesResultsAndExits0() throws IOException {
    lab.input("a.txt");
    lab.input("sub/b c+%.txt");
    Cli run = lab.run("run", lab.workflow, lab.inputs, "-o", lab.results);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(" succeeded: copy 2/2; after ")
        .endsWith("2 result files in " + lab.results + "\n")
        .doesNotContain("\033");
    assertThat(lab.results.resolve("a.txt/a.txt")).hasContent("content of a.txt");
    assertThat(lab.results.resolve("sub/b c+%.txt/b c+%.txt"))
        .hasContent("content of sub/b c+%.txt");
  }

  @Test
  void run_someFail_tellsWhichAndExits1() throws IOException {
    lab.input("good.txt");
    lab.input("bad.txt");
    Cli run = lab.run("run", lab.workflow, lab.inputs, "-o", lab.results, "--quiet");
    String id = Lab.runIn(run.err());
    String hint = " -w " + lab.workflow + " --backend-dir " + lab.store + "\n";
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("1 of 2 jobs failed:\nSTAGE  INPUT    REASON\ncopy   bad.txt  ")
        .contains("cannot read it")
        .contains("logs: yunpipe logs " + id + " INPUT" + hint)
        .contains("again: yunpipe retry " + id + hint)
        .endsWith("1 result file in " + lab.results + "\n")
        .doesNotContain("\tat ");
    assertThat(lab.results.resolve("good.txt/good.txt")).exists();
    assertThat(lab.results.resolve("bad.txt")).doesNotExist();
  }

  @Test
  void run_json_isTheFinalStatus() throws IOException {
    lab.input("good.txt");
    lab.input("bad.txt");
    Cli run = lab.run("run", lab.workflow, lab.inputs, "-o", lab.results, "--json", "-q");
    assertThat(run.code()).isEqualTo(1);
    assertThat(withoutIdAndTimes(run.out()))
        .isEqualTo(
            """
            {
              "run" : "…",
              "pipeline" : "picky",
              "state" : "FAILED",
              "generation" : 1,
              "submitted" : "…",
              "finished" : "…",
              "reason" : null,
              "jobs" : {
                "pending" : 0,
                "running" : 0,
                "succeeded" : 1,
                "failed" : 1,
                "total" : 2
              },
              "stages" : [
                {
                  "stage" : "copy",
                  "pending" : 0,
                  "running" : 0,
                  "succeeded" : 1,
                  "failed" : 1,
                  "total" : 2
                }
              ],
              "output" : "%s",
              "files" : 1
            }
            """
                .formatted(lab.results));
  }

  @Test
  void run_outputOverlapsInput_isRefusedBeforeAnything() throws IOException {
    lab.input("a.txt");
    for (Path output : new Path[] {lab.inputs, lab.inputs.resolve("out"), folder}) {
      Cli run = lab.run("run", lab.workflow, lab.inputs, "-o", output);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("yunpipe: Could not use ")
          .contains("as the output folder")
          .hasLineCount(1);
    }
    assertThat(lab.store).doesNotExist();
  }

  @Test
  void run_badInput_isOneMessageAndExits2() throws IOException {
    Cli empty = lab.run("run", lab.workflow, lab.inputs);
    assertThat(empty.code()).as(empty.err()).isEqualTo(2);
    Cli missing = lab.run("run", lab.workflow, folder.resolve("nowhere"));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("nowhere").hasLineCount(1);
    Cli workflow = lab.run("run", folder.resolve("nowhere.conf"), lab.inputs);
    assertThat(workflow.code()).isEqualTo(2);
    assertThat(workflow.err()).contains("nowhere.conf").doesNotContain("\tat ");
    Files.writeString(lab.workflow, "process { type = single_run, algorithms = [nowhere-known] }");
    Cli algorithm = lab.run("run", lab.workflow, lab.inputs);
    assertThat(algorithm.code()).isEqualTo(2);
    assertThat(algorithm.err()).contains("nowhere-known");
  }

  @Test
  void run_settingUnknown_isOneMessageAndExits2() throws IOException {
    lab.input("a.txt");
    Cli run = lab.run("run", lab.workflow, lab.inputs, "-Dyunpipe.local.cpu=2");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("yunpipe.local.cpu").doesNotContain("\tat ");
  }

  @Test
  void run_storeUnusable_exits3() throws IOException {
    lab.input("a.txt");
    Files.writeString(lab.store, "not a folder");
    Cli run = lab.run("run", lab.workflow, lab.inputs);
    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains(lab.store.toString()).doesNotContain("\tat ");
  }

  @Test
  void run_debug_showsTheTrace() {
    Cli run = lab.run("run", "--debug", lab.workflow, folder.resolve("nowhere"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("InvalidInputException", "\tat ");
  }

  @Test
  void plan_withoutProblems_startsNothing() throws IOException {
    lab.input("a.txt");
    lab.input("b.txt");
    Cli plan = lab.run("plan", lab.workflow, lab.inputs);
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out())
        .startsWith(
            "2 inputs, 32 B to move\nSTAGE  JOBS  CPUS  MEMORY  RUNS\ncopy   2     1     -");
    Cli json = lab.run("plan", "--json", lab.workflow, lab.inputs);
    assertThat(json.out()).contains("\"inputs\" : 2,", "\"bytes\" : 32,", "\"problems\" : [ ]");
  }

  @Test
  void try_oneFile_showsAllThatWasSeen() throws IOException {
    lab.input("a.txt");
    Path algorithm = folder.resolve("copy.conf");
    Files.writeString(algorithm, "command = \"cp -v $input $output/\"");
    Cli run = Cli.run("try", algorithm.toString(), lab.inputs.resolve("a.txt").toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("command      cp -v ")
        .contains("exit code    0\n", "log          '", "output       ")
        .endsWith("result       success\n");
    Files.writeString(algorithm, "command = \"false $input\"");
    Cli failed =
        Cli.run("try", "--json", algorithm.toString(), lab.inputs.resolve("a.txt").toString());
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).contains("\"succeeded\" : false,", "\"exitCode\" : 1,");
  }

  @Test
  void zippedJob_uploadListDownload_goTogether() throws IOException {
    Path project = Files.createDirectories(folder.resolve("project"));
    Files.writeString(project.resolve("in.txt"), "zipped");
    Files.writeString(
        lab.workflow,
        "name = halide\nzip { folder = project, command = \"cp in.txt out.txt\", output = out.txt }");
    Cli upload = lab.run("upload-zip", lab.workflow, "--name", "one.zip", "-q");
    assertThat(upload.code()).as(upload.err()).isZero();
    assertThat(upload.err()).startsWith("Stored: ");
    assertThat(lab.run("upload-zip", lab.workflow, project, "--name", "one.zip", "-q").err())
        .startsWith("Stored before: ");
    assertThat(lab.run("list", lab.workflow).out()).isEqualTo("one.zip.txt\n");
    Cli download = lab.run("download-output", lab.workflow, "one.zip", "-o", lab.results);
    assertThat(download).isEqualTo(new Cli(0, lab.results.resolve("one.zip.txt") + "\n", ""));
    assertThat(lab.results.resolve("one.zip.txt")).hasContent("zipped");
    assertThat(lab.run("download-output", lab.workflow, "two.zip").code()).isEqualTo(2);
  }

  private static String withoutIdAndTimes(String json) {
    return json.replaceAll("(\"(run|submitted|finished)\" : )\"[^\"]+\"", "$1\"…\"");
  }
}
