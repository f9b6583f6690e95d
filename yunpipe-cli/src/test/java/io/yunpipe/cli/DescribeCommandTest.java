package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeCommandTest {

  private final String home = System.getProperty("user.home");
  @TempDir Path folder;

  @BeforeEach
  void ownHome() {
    System.setProperty("user.home", folder.toString());
  }

  @AfterEach
  void restoreHome() {
    System.setProperty("user.home", home);
  }

  @Test
  void describe_allAnswers_isTheEarlierFormat() throws IOException {
    String answers =
        String.join(
            "\n",
            "wangyx2005/change123",
            "", // ubuntu
            "sh /change123.sh $input $output",
            "/",
            "/",
            "change123-s3",
            "", // no instance type
            "50",
            "128",
            "", // one CPU
            "TEST_ENV",
            "y", // required
            "n", // no more
            "9090",
            "", // tcp
            "y", // more
            "53",
            "udp",
            "n",
            "y", // write
            "");
    Cli run = Cli.answering(answers, "describe", "--no-check");
    assertThat(run.out())
        .isEqualTo(
            """
            {
              "container_name" : "wangyx2005/change123",
              "system" : "ubuntu",
              "input_file_path" : "/",
              "output_file_path" : "/",
              "executable_path" : "",
              "run_command" : "sh /change123.sh $input $output",
              "name" : "change123-s3",
              "instance_type" : "",
              "memory" : {
                "minimal" : 50,
                "suggested" : 128
              },
              "CPU" : 1,
              "user_specified_environment_variables" : [ {
                "name" : "TEST_ENV",
                "required" : true
              } ],
              "port" : [ {
                "port" : 9090,
                "protocol" : "tcp"
              }, {
                "port" : 53,
                "protocol" : "udp"
              } ],
              "output" : "file"
            }
            """);
    assertThat(run.err())
        .isEqualTo(
            "Container image (empty: a command on this machine): "
                + "System of the image [ubuntu]: "
                + "Run command, with $input and $output: "
                + "Folder of the input file [/yunpipe/in]: "
                + "Folder of the output [/yunpipe/out]: "
                + "Name of the algorithm: "
                + "Instance type (may be omitted): "
                + "Minimal memory in MB [4]: "
                + "Suggested memory in MB: "
                + "CPUs [1]: "
                + "Variable that a workflow may set (empty: none): "
                + "Is TEST_ENV required? [y/N]: "
                + "More variables? [y/N]: "
                + "Port that a workflow may open (empty: none): "
                + "Protocol, tcp or udp [tcp]: "
                + "More ports? [y/N]: "
                + "Port that a workflow may open (empty: none): "
                + "Protocol, tcp or udp [tcp]: "
                + "More ports? [y/N]: "
                + "Write "
                + file("change123-s3")
                + "? [Y/n]: "
                + "Algorithm change123-s3 is described in "
                + file("change123-s3")
                + "\n");
    assertThat(run.code()).isZero();
    assertThat(file("change123-s3")).hasContent(run.out());
  }

  @Test
  void describe_badAnswers_areAskedAgain() {
    String answers =
        String.join(
            "\n",
            "",
            "",
            "", // no command
            "sh 'open", // open quote
            "sh count.sh $input $output",
            "relative",
            "",
            "",
            "Not A Name",
            "count",
            "",
            "many",
            "64",
            "10", // less than the minimal
            "64",
            "0",
            "0.5",
            "1NAME",
            "",
            "70000",
            "",
            "n",
            "");
    Cli run = Cli.answering(answers, "describe");
    assertThat(run.err())
        .contains("  Answer a command such as: sh /count.sh $input $output\n")
        .contains("  Answer an absolute path such as /data, not \"relative\".\n")
        .contains(
            "  algorithm name must start with a-z or 0-9 and have at most 63 of a-z, 0-9 and -, but"
                + " was \"Not A Name\"\n")
        .contains("  Answer a whole number of at least 1, not \"many\".\n")
        .contains("  Answer a whole number of at least 64, not \"10\".\n")
        .contains("  cpus must be more than 0 and at most 1024, but was 0.0\n")
        .contains("  variable name must match [A-Za-z_][A-Za-z0-9_]*, but was \"1NAME\"\n")
        .contains("  port must be 1 to 65535, but was 70000\n")
        .endsWith("Nothing was written.\n");
    assertThat(run.out()).contains("\"CPU\" : 0.5,");
    assertThat(file("count")).doesNotExist();
  }

  @Test
  void describe_answersEnd_saysAtWhichQuestion() {
    Cli run = Cli.answering("image\nubuntu\n", "describe", "--no-check");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .endsWith(
            "yunpipe: The answers ended at the question \"Run command, with $input and"
                + " $output:\".\n");
  }

  @Test
  void describe_readyFile_isKeptUnderItsName() throws IOException {
    Path ready = folder.resolve("ready.json");
    Files.writeString(ready, "{\"name\": \"count\", \"run_command\": \"sh c.sh $input $output\"}");
    Cli run = Cli.run("describe", "--file", ready.toString(), "--yes");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(file("count")).hasContent(run.out());

    Cli again = Cli.answering("\n", "describe", "--file", ready.toString());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .isEqualTo(
            file("count") + " describes another count. Replace it? [y/N]: Nothing was written.\n");
  }

  @Test
  void describe_badFile_isRefusedWhole() throws IOException {
    Path good = folder.resolve("good.json");
    Files.writeString(good, "{\"name\": \"good\", \"run_command\": \"true $input\"}");
    Path bad = folder.resolve("bad.json");
    Files.writeString(bad, "{\"name\": \"bad\",\n \"run_comand\": \"true $input\"}");
    Cli run = Cli.run("describe", "--yes", "--file", good.toString(), bad.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("bad.json").contains("run_comand").doesNotContain("\tat ");
    assertThat(file("good")).doesNotExist();
  }

  @Test
  void algorithms_described_areListedAndShown() throws IOException {
    Path ready = folder.resolve("ready.json");
    Files.writeString(ready, "{\"name\": \"count\", \"run_command\": \"sh c.sh $input $output\"}");
    Cli.run("describe", "--file", ready.toString(), "--yes");
    assertThat(Cli.run("algorithms").out())
        .isEqualTo(
            "NAME   VERSION  RUNS                    FILE\ncount  -        sh c.sh $input $output  "
                + file("count")
                + "\n");
    assertThat(Cli.run("algorithms", "show", "count").out())
        .isEqualTo(Files.readString(file("count")));
    Cli missing = Cli.run("algorithms", "show", "cuont");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("did you mean 'count'?");
  }

  private Path file(String name) {
    return folder.resolve(".yunpipe/algorithms/" + name + ".json");
  }
}
