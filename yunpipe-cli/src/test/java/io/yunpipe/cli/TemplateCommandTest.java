package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateCommandTest {
  @TempDir private Path folder;
  private EdgesPipeline pipeline;

  @BeforeEach
  void prepare() throws IOException {
    pipeline = new EdgesPipeline(folder);
  }

  private Cli template(String... more) {
    return pipeline.run("template", more);
  }

  @Test
  void template_withoutAnAccount_isPrintedForTheConfiguredRegion() {
    Cli printed = template();
    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(printed.out())
        .startsWith("{\"AWSTemplateFormatVersion\":\"2010-09-09\"")
        .contains("yunpipe-edges-000000000000-eu-west-1", "example.org/edges:1");
    assertThat(template("--pretty").out()).contains("\n  \"Resources\" : {\n");
  }

  @Test
  void template_ofAnAccountAndRegion_namesThem() {
    Cli printed = template("--account", "123456789012", "--region", "us-gov-west-1");
    assertThat(printed.out()).contains("arn:aws-us-gov:sqs:us-gov-west-1:123456789012:");
    Cli wrong = template("--account", "mine");
    assertThat(wrong.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(wrong.err())
        .contains("yunpipe.aws.account-id: expected twelve digits, but found \"mine\"");
  }

  @Test
  void policy_ofARole_isPrinted() {
    assertThat(template("--policy", "job").out())
        .startsWith("{\"Statement\":[")
        .contains("sqs:ReceiveMessage")
        .doesNotContain("batch:SubmitJob");
    assertThat(template("--policy", "operator").out()).contains("cloudformation:CreateChangeSet");
    Cli unknown = template("--policy", "boss");
    assertThat(unknown.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(unknown.err())
        .contains(
            "This pipeline has no role 'boss'. It has: router, scheduler, job, execution, user,"
                + " operator.");
  }

  @Test
  void sizes_ofAllTemplates_arePrinted() {
    assertThat(template("--size").out())
        .containsPattern("template +\\d+ +\\d+")
        .containsPattern("bootstrap +3 +\\d+")
        .containsPattern("roles +\\d+ +\\d+");
    assertThat(template("--bootstrap").out()).contains("AWS::ECR::Repository");
    assertThat(template("--roles").out()).contains("AWS::IAM::Role").doesNotContain("AWS::SQS");
  }

  @Test
  void template_ofAStageThatCannotRun_saysWhy() {
    Cli threads = template("-Dyunpipe.aws.compute=threads", "-Dyunpipe.aws.bucket=lab");
    assertThat(threads.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(threads.err()).contains("without a stack there is no template");
    Cli local = pipeline.runLocally("template");
    assertThat(local.err()).contains("This backend has no templates.");
  }
}
