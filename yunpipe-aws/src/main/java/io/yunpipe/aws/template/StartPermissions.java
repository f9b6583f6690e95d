package io.yunpipe.aws.template;

import java.util.List;
import java.util.Map;

/** What starts workers, and ends those that live for too long. */
final class StartPermissions {
  private final StackSpec spec;
  private final Account account;
  private final StackNames names;

  StartPermissions(StackSpec spec) {
    this.spec = spec;
    this.account = spec.account();
    this.names = spec.names();
  }

  List<Statement> statements() {
    return switch (spec.compute().engine()) {
      case BATCH -> batch();
      case ECS -> ecs();
      case EC2_SSM -> machines();
    };
  }

  /** Returns what ends workers; AWS Batch does so itself. */
  List<Statement> ends() {
    return switch (spec.compute().engine()) {
      case BATCH -> List.of();
      case ECS ->
          List.of(
              Statement.allow(
                  "EndWorkers",
                  List.of("ecs:StopTask"),
                  List.of(account.arn("ecs", "task/" + names.stack() + "/*"))));
      case EC2_SSM ->
          List.of(
              Statement.allow(
                      "EndWorkers",
                      List.of("ec2:TerminateInstances"),
                      List.of(account.arn("ec2", "instance/*")))
                  .when("StringEquals", "aws:ResourceTag/" + Tags.STACK, names.stack()));
    };
  }

  private List<Statement> batch() {
    return List.of(
        Statement.allow(
            "StartWorkers",
            List.of("batch:SubmitJob"),
            List.of(
                account.arn("batch", "job-definition/" + names.queues() + "*"),
                account.arn("batch", "job-queue/" + names.stack()))),
        // The service has no names for these.
        Statement.allow(
            "SeeWorkers",
            List.of(
                "batch:DescribeComputeEnvironments",
                "batch:DescribeJobQueues",
                "batch:DescribeJobs",
                "batch:ListJobs"),
            List.of("*")));
  }

  private List<Statement> ecs() {
    String cluster = account.arn("ecs", "cluster/" + names.stack());
    return List.of(
        Statement.allow(
                "StartWorkers",
                List.of("ecs:RunTask"),
                List.of(account.arn("ecs", "task-definition/" + names.queues() + "*")))
            .when("ArnEquals", "ecs:cluster", cluster),
        Statement.allow(
            "SeeTasks",
            List.of("ecs:DescribeTasks"),
            List.of(account.arn("ecs", "task/" + names.stack() + "/*"))),
        Statement.allow(
                "MarkWorkers",
                List.of("ecs:TagResource"),
                List.of(account.arn("ecs", "task/" + names.stack() + "/*")))
            .when("StringEquals", "ecs:CreateAction", "RunTask"),
        // The service narrows this one by a condition only.
        Statement.allow("SeeWorkers", List.of("ecs:ListTasks"), List.of("*"))
            .when("ArnEquals", "ecs:cluster", cluster),
        pass("ecs-tasks", Permissions.JOB, Permissions.EXECUTION));
  }

  private List<Statement> machines() {
    String templates = account.arn("ec2", "launch-template/*");
    return List.of(
        Statement.allow(
                "StartFromTemplate",
                List.of("ec2:RunInstances"),
                List.of(
                    account.arn("ec2", "instance/*"),
                    account.arn("ec2", "volume/*"),
                    account.arn("ec2", "network-interface/*"),
                    account.arn("ec2", "spot-instances-request/*")))
            .when("ArnLike", "ec2:LaunchTemplate", templates),
        Statement.allow("OwnTemplates", List.of("ec2:RunInstances"), List.of(templates))
            .when("StringEquals", "aws:ResourceTag/" + Tags.STACK, names.stack()),
        Statement.allow(
                "StartWith",
                List.of("ec2:RunInstances"),
                List.of(
                    account.arn("ec2", "security-group/*"),
                    account.arn("ec2", "subnet/*"),
                    // Images of Amazon have no account in their names.
                    "arn:" + account.partition() + ":ec2:" + account.region() + "::image/*",
                    account.arn("ec2", "image/*")))
            .when("ArnLike", "ec2:LaunchTemplate", templates)
            // The call itself names no other group, subnet or image.
            .when("Bool", "ec2:IsLaunchTemplateResource", "true"),
        Statement.allow(
                "MarkWorkers", List.of("ec2:CreateTags"), List.of(account.arn("ec2", "*/*")))
            .when("StringEquals", "ec2:CreateAction", "RunInstances"),
        Statement.allow("Image", List.of("ssm:GetParameters"), List.of(imageParameter())),
        // The service has no names for this one.
        Statement.allow("SeeWorkers", List.of("ec2:DescribeInstances"), List.of("*")),
        pass("ec2", Permissions.INSTANCE));
  }

  private String imageParameter() {
    String name = spec.compute().image();
    return name.startsWith("/aws/")
        ? "arn:" + account.partition() + ":ssm:" + account.region() + "::parameter" + name
        : account.arn("ssm", "parameter" + name);
  }

  private Statement pass(String service, String... roles) {
    return new Statement(
        "GiveRoles",
        true,
        null,
        List.of("iam:PassRole"),
        java.util.Arrays.stream(roles).map(role -> names.roleArn(account, role)).toList(),
        Map.of("StringEquals", Map.of("iam:PassedToService", service + ".amazonaws.com")));
  }
}
