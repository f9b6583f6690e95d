package io.yunpipe.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Leftover;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansTest {
  @TempDir static Path folder;

  private static ProxiedCloud aws;
  private static Cloud cloud;

  private final SaidSteps said = new SaidSteps(true);

  @BeforeAll
  static void start() throws IOException {
    aws = ProxiedCloud.start(folder);
    cloud = aws.cloud();
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void leftovers_ofAGonePipeline_areFoundAndRemoved_andLivingOnesAreLeft() throws Exception {
    SmallBlueprint living = SmallBlueprint.of("living");
    SmallBlueprint halfway = SmallBlueprint.of("halfway");
    new StackLife(cloud, living, queue -> 0).init(said);
    aws.moto()
        .aws(
            "sqs",
            "create-queue",
            "--queue-name",
            "yunpipe-gone_edges",
            "--tags",
            "yunpipe:stack=yunpipe-gone");
    aws.moto().aws("logs", "create-log-group", "--log-group-name", "/yunpipe/yunpipe-gone");
    aws.moto().aws("s3", "mb", "s3://yunpipe-gone-123456789012-eu-west-1");
    aws.moto()
        .aws(
            "ec2",
            "run-instances",
            "--image-id",
            "ami-12c6146b",
            "--tag-specifications",
            "ResourceType=instance,Tags=[{Key=yunpipe:stack,Value=yunpipe-gone}]");
    // A program was killed between making and executing a change set.
    StackTemplate template =
        StackTemplate.of(living.visibility(1).bootstrap(Caller.account(cloud.sts(), "eu-west-1")));
    cloud
        .cloudFormation()
        .createChangeSet(
            halfway.names().stack(),
            template,
            new CloudFormation.Body("TemplateBody", template.text()),
            "CREATE",
            java.util.Map.of());

    List<String> queues =
        new ArrayList<>(
            List.of("yunpipe-gone_edges", "yunpipe-threads_a", living.names().ingress()));
    Orphans orphans = new Orphans(cloud, "yunpipe-", prefix -> List.copyOf(queues), queues::remove);
    List<Leftover> found = orphans.find();
    assertThat(found)
        .filteredOn(Leftover::removable)
        .extracting(one -> one.kind() + " " + one.name().replaceFirst("^i-.*", "i"))
        .containsExactlyInAnyOrder(
            "EC2 instance i",
            "SQS queue yunpipe-gone_edges",
            "log group /yunpipe/yunpipe-gone",
            "stack yunpipe-halfway");
    assertThat(found)
        .filteredOn(one -> !one.removable())
        .extracting(Leftover::name)
        .containsExactlyInAnyOrder("yunpipe-threads_a", "yunpipe-gone-123456789012-eu-west-1");

    found.stream().filter(Leftover::removable).forEach(one -> orphans.remove(one, said));
    assertThat(queues).doesNotContain("yunpipe-gone_edges");
    assertThat(aws.moto().aws("ec2", "describe-instances")).contains("terminated");
    assertThat(orphans.find())
        .filteredOn(one -> one.kind().equals("stack") || one.kind().equals("log group"))
        .isEmpty();
    assertThat(cloud.cloudFormation().describe(living.names().stack())).isPresent();
  }
}
