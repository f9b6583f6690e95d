package io.yunpipe.aws.template;

import static io.yunpipe.aws.template.RoleCalls.BUCKET;
import static io.yunpipe.aws.template.RoleCalls.KEYS;
import static io.yunpipe.aws.template.RoleCalls.RUN;
import static io.yunpipe.aws.template.RoleCalls.json;
import static io.yunpipe.aws.template.RoleCalls.role;
import static io.yunpipe.aws.template.RoleCalls.s3;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.aws.template.PolicyEvaluator.Call;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that programs and users make, and calls that they must not be able to make. */
class PermissionsTest {
  private static final String SQS = "arn:aws:sqs:eu-west-1:123456789012:yunpipe-";

  /** Actions that have to name everything, because the service has no names for them. */
  private static final Set<String> UNNAMED =
      Set.of(
          "batch:DescribeComputeEnvironments",
          "batch:DescribeJobQueues",
          "batch:DescribeJobs",
          "batch:ListJobs",
          "ec2:DescribeInstances",
          "ecr:GetAuthorizationToken",
          "ecs:ListTasks");

  @ParameterizedTest
  @CsvSource({
    "sqs:ReceiveMessage,     edges_detect",
    "sqs:DeleteMessage,      edges_detect",
    "sqs:ChangeMessageVisibility, edges_detect",
    "sqs:SendMessage,        edges_plot",
    "sqs:GetQueueUrl,        edges_detect",
    "sqs:GetQueueAttributes, edges_detect",
    "sqs:ReceiveMessage,     edges_detect_dead",
    "sqs:DeleteMessage,      edges_detect_dead"
  })
  void worker_usesQueuesOfItsPipeline(String action, String queue) {
    assertThat(role("job").allows(Call.of(action, SQS + queue))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "sqs:ReceiveMessage, edges-2_detect",
    "sqs:SendMessage,    other_detect",
    "sqs:SendMessage,    edges_-events",
    "sqs:ReceiveMessage, edges_-events",
    "sqs:PurgeQueue,     edges_detect",
    "sqs:DeleteQueue,    edges_detect",
    "sqs:CreateQueue,    edges_more",
    "sqs:SetQueueAttributes, edges_detect",
    "sqs:AddPermission,  edges_detect"
  })
  void worker_touchesNoOtherQueues(String action, String queue) {
    assertThat(role("job").allows(Call.of(action, SQS + queue))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "iam:CreateUser,          arn:aws:iam::123456789012:user/me",
    "iam:PassRole,            arn:aws:iam::123456789012:role/yunpipe-edges_eu-west-1_job",
    "sts:AssumeRole,          arn:aws:iam::123456789012:role/yunpipe-operator_eu-west-1",
    "batch:SubmitJob,         arn:aws:batch:eu-west-1:123456789012:job-queue/yunpipe-edges",
    "lambda:InvokeFunction,   arn:aws:lambda:eu-west-1:123456789012:function:yunpipe-edges_-router",
    "ec2:RunInstances,        arn:aws:ec2:eu-west-1:123456789012:instance/*",
    "s3:PutBucketPolicy,      arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1",
    "s3:GetObject,            arn:aws:s3:::another-bucket/a",
    "s3:PutObject,            arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1/inbox/edges/a",
    "s3:PutObject,            arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1/pipelines/edges.json",
    "s3:DeleteObject,         arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1/inbox/edges/a",
    "secretsmanager:GetSecretValue, arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
    "logs:PutLogEvents,       arn:aws:logs:eu-west-1:123456789012:log-group:/yunpipe/yunpipe-edges:*"
  })
  void worker_mayNotLeaveItsPipeline(String action, String resource) {
    assertThat(role("job").allows(Call.of(action, resource))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GetObject, inbox/edges/monday/a.png, true",
    "PutObject, runs/ab/20261122-091500-3fa2c1/submitter.json, true",
    "PutObject, open/20261122-091500-3fa2c1, true",
    "DeleteObject, open/20261122-091500-3fa2c1, true",
    "DeleteObject, ended/20261122-091500-3fa2c1, true",
    "PutObject, index/edges/20261122-091500-3fa2c1, true",
    "PutObject, workers/edges/detect, true",
    "PutObject, workers/other/detect, false",
    "PutObject, index/other/20261122-091500-3fa2c1, false",
    "PutObject, inbox/edges/monday/a.png, false",
    "DeleteObject, inbox/edges/monday/a.png, false",
    "DeleteObject, runs/ab/20261122-091500-3fa2c1/out/detect/j/a/x, false"
  })
  void router_writesRunsAndTheirIndexes(String action, String key, boolean allowed) {
    assertThat(role("router").allows(s3(action, key, "router"))).isEqualTo(allowed);
  }

  @Test
  void router_takesEventsAndTellsItsTopic_andNoOther() {
    PolicyEvaluator router = role("router");
    assertThat(router.allows(Call.of("sqs:ReceiveMessage", SQS + "edges_-events"))).isTrue();
    assertThat(router.allows(Call.of("sqs:ReceiveMessage", SQS + "other_-events"))).isFalse();
    String topic = "arn:aws:sns:eu-west-1:123456789012:yunpipe-";
    assertThat(router.allows(Call.of("sns:Publish", topic + "edges"))).isTrue();
    assertThat(router.allows(Call.of("sns:Publish", topic + "other"))).isFalse();
    assertThat(router.allows(Call.of("sns:DeleteTopic", topic + "edges"))).isFalse();
  }

  @Test
  void batch_router_submitsItsOwnJobsToItsOwnQueue() {
    PolicyEvaluator router = role("router");
    String batch = "arn:aws:batch:eu-west-1:123456789012:";
    Call submit = Call.of("batch:SubmitJob", batch + "job-definition/yunpipe-edges_detect:3");
    assertThat(router.allows(submit)).isTrue();
    assertThat(router.allows(Call.of("batch:SubmitJob", batch + "job-queue/yunpipe-edges")))
        .isTrue();
    assertThat(router.allows(Call.of("batch:SubmitJob", batch + "job-queue/yunpipe-edges-2")))
        .isFalse();
    assertThat(
            router.allows(
                Call.of("batch:SubmitJob", batch + "job-definition/yunpipe-edges-2_detect:1")))
        .isFalse();
    assertThat(router.allows(Call.of("batch:ListJobs", "*"))).isTrue();
    assertThat(
            router.allows(
                Call.of("batch:RegisterJobDefinition", batch + "job-definition/yunpipe-edges_x")))
        .isFalse();
    assertThat(router.allows(Call.of("batch:UpdateComputeEnvironment", batch + "x"))).isFalse();
  }

  @Test
  void ecs_router_startsTasksInItsClusterWithItsRoles() {
    PolicyEvaluator router = role(Specs.of(Engine.ECS, Capacity.FARGATE), "router");
    String ecs = "arn:aws:ecs:eu-west-1:123456789012:";
    Call run = Call.of("ecs:RunTask", ecs + "task-definition/yunpipe-edges_detect:3");
    assertThat(router.allows(run.with("ecs:cluster", ecs + "cluster/yunpipe-edges"))).isTrue();
    assertThat(router.allows(run.with("ecs:cluster", ecs + "cluster/default"))).isFalse();
    Call pass =
        Call.of("iam:PassRole", "arn:aws:iam::123456789012:role/yunpipe-edges_eu-west-1_job");
    assertThat(router.allows(pass.with("iam:PassedToService", "ecs-tasks.amazonaws.com"))).isTrue();
    assertThat(router.allows(pass.with("iam:PassedToService", "ec2.amazonaws.com"))).isFalse();
    assertThat(
            router.allows(
                Call.of("iam:PassRole", "arn:aws:iam::123456789012:role/admin")
                    .with("iam:PassedToService", "ecs-tasks.amazonaws.com")))
        .isFalse();
    Call tag = Call.of("ecs:TagResource", ecs + "task/yunpipe-edges/abc");
    assertThat(router.allows(tag.with("ecs:CreateAction", "RunTask"))).isTrue();
    assertThat(router.allows(tag)).isFalse();
    assertThat(router.allows(Call.of("ecs:StopTask", ecs + "task/yunpipe-edges/abc"))).isTrue();
    assertThat(router.allows(Call.of("ecs:StopTask", ecs + "task/yunpipe-edges-2/abc"))).isFalse();
    PolicyEvaluator user = role(Specs.of(Engine.ECS, Capacity.FARGATE), "user");
    assertThat(user.allows(Call.of("ecs:StopTask", ecs + "task/yunpipe-edges/abc"))).isFalse();
  }

  @Test
  void machines_router_startsOnlyFromItsTemplates_andEndsOnlyItsOwn() {
    PolicyEvaluator router = role(Specs.of(Engine.EC2_SSM, Capacity.SPOT), "router");
    String ec2 = "arn:aws:ec2:eu-west-1:123456789012:";
    String template = ec2 + "launch-template/lt-1";
    Call instance = Call.of("ec2:RunInstances", ec2 + "instance/*");
    assertThat(router.allows(instance)).as("without a template").isFalse();
    assertThat(router.allows(instance.with("ec2:LaunchTemplate", template))).isTrue();
    Call from = Call.of("ec2:RunInstances", template);
    assertThat(router.allows(from.with("aws:ResourceTag/yunpipe:stack", "yunpipe-edges"))).isTrue();
    assertThat(router.allows(from.with("aws:ResourceTag/yunpipe:stack", "yunpipe-other")))
        .isFalse();
    Call subnet =
        Call.of("ec2:RunInstances", ec2 + "subnet/subnet-1").with("ec2:LaunchTemplate", template);
    assertThat(router.allows(subnet.with("ec2:IsLaunchTemplateResource", "true"))).isTrue();
    assertThat(router.allows(subnet.with("ec2:IsLaunchTemplateResource", "false"))).isFalse();
    Call end = Call.of("ec2:TerminateInstances", ec2 + "instance/i-1");
    assertThat(router.allows(end.with("aws:ResourceTag/yunpipe:stack", "yunpipe-edges"))).isTrue();
    assertThat(router.allows(end)).isFalse();
    assertThat(
            router.allows(
                Call.of(
                    "ssm:GetParameters",
                    "arn:aws:ssm:eu-west-1::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")))
        .isTrue();
  }

  @Test
  void machine_fetchesItsProgramOnly() {
    PolicyEvaluator machine = role(Specs.of(Engine.EC2_SSM, Capacity.EC2), "instance");
    String artifacts = "arn:aws:s3:::yunpipe-artifacts-123456789012-eu-west-1/";
    String program = "programs/" + "cd".repeat(32) + ".jar";
    assertThat(machine.allows(Call.of("s3:GetObject", artifacts + program))).isTrue();
    assertThat(machine.allows(Call.of("s3:PutObject", artifacts + program))).isFalse();
    assertThat(machine.allows(Call.of("s3:GetObject", artifacts + "programs/other"))).isFalse();

    Specs specs = Specs.of(Engine.EC2_SSM, Capacity.EC2);
    String repository = "arn:aws:ecr:eu-west-1:123456789012:repository/";
    assertThat(machine.allows(Call.of("ecr:BatchGetImage", repository + "yunpipe-images")))
        .isTrue();
    assertThat(machine.allows(Call.of("ecr:GetAuthorizationToken", "*"))).isTrue();
    assertThat(machine.allows(Call.of("ecr:BatchGetImage", repository + "other"))).isFalse();
    assertThat(machine.allows(Call.of("ecr:PutImage", repository + "yunpipe-images"))).isFalse();

    String given = RolesTemplate.of(specs.spec()).json();
    assertThat(given).contains(artifacts + "programs/*").doesNotContain(program);
  }

  @Test
  void lab_seesAndFillsItsOwnFolderOnly() {
    Specs labs = Specs.of(Engine.BATCH, Capacity.FARGATE);
    labs.labs = Set.of("lab1", "lab2");
    PolicyEvaluator lab = role(labs, "lab");
    for (String action : new String[] {"GetObject", "PutObject", "DeleteObject"}) {
      assertThat(lab.allows(ofLab(s3(action, "inbox/edges/@lab1/inputs/a", "lab")))).isTrue();
      assertThat(lab.allows(ofLab(s3(action, "inbox/edges/@lab2/inputs/a", "lab")))).isFalse();
      assertThat(lab.allows(ofLab(s3(action, "inbox/edges/@lab10/inputs/a", "lab")))).isFalse();
      assertThat(lab.allows(ofLab(s3(action, "inbox/edges/a", "lab")))).isFalse();
      assertThat(lab.allows(ofLab(s3(action, KEYS.plan(), "lab")))).isFalse();
      assertThat(lab.allows(s3(action, "inbox/edges/@lab1/inputs/a", "lab")))
          .as("no tag")
          .isFalse();
      assertThat(
              lab.allows(
                  s3(action, "inbox/edges/@lab1/inputs/a", "lab")
                      .with("aws:PrincipalTag/lab", "*")))
          .as("a tag that is a pattern")
          .isFalse();
    }
    Call list = ofLab(Call.of("s3:ListBucket", BUCKET));
    assertThat(lab.allows(list.with("s3:prefix", "inbox/edges/@lab1/"))).isTrue();
    assertThat(lab.allows(list.with("s3:prefix", "inbox/edges/@lab2/"))).isFalse();
    assertThat(lab.allows(list)).isFalse();
  }

  private static Call ofLab(Call call) {
    return call.with("aws:PrincipalTag/lab", "lab1");
  }

  @Test
  void user_submitsAndFetches_butDoesNotSetUp() {
    PolicyEvaluator user = role("user");
    assertThat(user.allows(s3("PutObject", "runs/ab/" + RUN + "/in/000000/a.png", "user")))
        .isTrue();
    assertThat(user.allows(s3("PutObject", "inbox/edges/a.png", "user"))).isTrue();
    assertThat(user.allows(s3("PutObject", "files/" + "0".repeat(64), "user"))).isTrue();
    assertThat(user.allows(s3("PutObject", "zips/" + "0".repeat(64) + ".zip", "user"))).isTrue();
    assertThat(user.allows(s3("GetObject", KEYS.out("d", "j", "a") + "/x", "user"))).isTrue();
    assertThat(user.allows(Call.of("sqs:SendMessage", SQS + "edges_detect"))).isTrue();
    assertThat(user.allows(Call.of("sqs:ReceiveMessage", SQS + "edges_detect_dead"))).isTrue();
    assertThat(user.allows(Call.of("sqs:ReceiveMessage", SQS + "edges_detect"))).isFalse();
    assertThat(user.allows(Call.of("sqs:SendMessage", SQS + "edges_-events"))).isFalse();
    assertThat(user.allows(s3("PutObject", "pipelines/edges.json", "user"))).isFalse();
    assertThat(
            user.allows(
                Call.of(
                    "cloudformation:CreateChangeSet",
                    "arn:aws:cloudformation:eu-west-1:123456789012:stack/yunpipe-edges/1")))
        .isFalse();
  }

  @Test
  void prefix_keepsTeamsApart() {
    Specs team = Specs.of(Engine.BATCH, Capacity.FARGATE);
    team.owned = false;
    team.prefix = "team-a/";
    for (String role : new String[] {"job", "router", "user"}) {
      PolicyEvaluator may = role(team, role);
      assertThat(may.allows(Call.of("s3:GetObject", "arn:aws:s3:::my-lab/team-a/x"))).isTrue();
      assertThat(may.allows(Call.of("s3:GetObject", "arn:aws:s3:::my-lab/team-b/x"))).isFalse();
      Call list = Call.of("s3:ListBucket", "arn:aws:s3:::my-lab");
      assertThat(may.allows(list.with("s3:prefix", "team-a/runs/"))).isTrue();
      assertThat(may.allows(list.with("s3:prefix", "team-b/runs/"))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void roles_nameEverything_exceptWhereTheServiceHasNoNames(Engine engine) {
    Specs specs = Specs.of(engine, engine == Engine.EC2_SSM ? Capacity.EC2 : Capacity.FARGATE_SPOT);
    specs.labs = Set.of("lab1");
    for (Map.Entry<String, String> policy : Permissions.policies(specs.spec()).entrySet()) {
      if (policy.getKey().equals("operator")) {
        continue; // Creates what has no name yet; see docs/aws-permissions.md.
      }
      for (JsonNode statement : json(policy.getValue()).path("Statement")) {
        boolean denies = statement.path("Effect").asText().equals("Deny");
        assertThat(statement.path("Action").toString())
            .as(policy.getKey())
            .satisfies(actions -> assertThat(denies || !actions.contains("*")).isTrue());
        if (statement.path("Resource").asText().equals("*")) {
          JsonNode action = statement.path("Action");
          if (action.isArray()) {
            action.forEach(one -> assertThat(UNNAMED).contains(one.asText()));
          } else {
            assertThat(UNNAMED).contains(action.asText());
          }
        }
      }
    }
  }

  /** Only who may be somebody takes a role. */
  @Test
  void trust_ofServices_isBoundToTheAccount() {
    for (Specs specs :
        new Specs[] {
          Specs.of(Engine.BATCH, Capacity.FARGATE), Specs.of(Engine.EC2_SSM, Capacity.EC2)
        }) {
      for (Role role : Permissions.roles(specs.spec())) {
        String trust = Template.text(role.trust().values());
        if (trust.contains("ec2.amazonaws.com")) {
          continue; // EC2 does not say for whom it asks.
        }
        assertThat(trust).as(role.name()).contains("123456789012");
        assertThat(trust).doesNotContain("\"AWS\":\"*\"");
      }
    }
  }
}
