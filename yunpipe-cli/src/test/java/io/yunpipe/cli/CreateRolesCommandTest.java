package io.yunpipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreateRolesCommandTest {
  @TempDir private Path folder;
  private EdgesPipeline pipeline;

  @BeforeEach
  void prepare() throws IOException {
    pipeline = new EdgesPipeline(folder);
  }

  @Test
  void roles_ofWhatHasNoStack_areRefusedBeforeAnythingIsAsked() {
    Cli threads =
        pipeline.run(
            "create-lambda-exec-role",
            "-y",
            "-Dyunpipe.aws.compute=threads",
            "-Dyunpipe.aws.bucket=lab");
    assertThat(threads.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(threads.err())
        .contains("without a stack there are no roles; expected batch, ecs or ec2-ssm");
    assertThat(threads.out()).isEmpty();
  }

  @Test
  void roles_ofTheLocalBackend_areNone() {
    Cli local = pipeline.runLocally("create-lambda-exec-role");
    assertThat(local.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(local.err()).contains("This backend has no roles.");
  }

  @Test
  void text_ofRoles_saysWhoTakesEachAndWhatItMayDo() {
    Cli template = pipeline.run("template", "--roles");
    String text = RolesText.of(template.out());
    assertThat(text)
        .contains(
            """
            Role yunpipe-edges_eu-west-1_scheduler
              Calls the router each minute.
              taken by scheduler.amazonaws.com
                if aws:SourceArn ArnEquals \
            arn:aws:scheduler:eu-west-1:000000000000:schedule-group/yunpipe-edges
                if aws:SourceAccount StringEquals 000000000000
              may lambda:InvokeFunction
                on arn:aws:lambda:eu-west-1:000000000000:function:yunpipe-edges_-router:live
            """)
        .contains("Role yunpipe-edges_eu-west-1_router\n")
        .contains("  may batch:SubmitJob\n")
        .contains("Role yunpipe-edges_eu-west-1_operator\n")
        .contains("  may not iam:*\n");
  }
}
