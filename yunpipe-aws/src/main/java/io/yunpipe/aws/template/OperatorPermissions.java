package io.yunpipe.aws.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What who sets pipelines up needs. CloudFormation calls the services with the rights of who calls
 * it, so this is what the resources of the templates need, for names with our prefix.
 */
final class OperatorPermissions {
  private static final List<String> ANY = List.of("*");

  private OperatorPermissions() {}

  /** Returns what is needed in a bucket that is there already: its events, and the data in it. */
  static List<Statement> ofBucket(StackSpec spec) {
    String arn = DataPermissions.bucketArn(spec.account(), spec.bucket().name());
    return List.of(
        Statement.allow(
            "GivenBucket",
            List.of(
                "s3:GetBucketLocation",
                "s3:GetBucketNotification",
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:PutBucketNotification"),
            List.of(arn)),
        Statement.allow(
            "GivenObjects",
            List.of("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            new DataPermissions(spec).objects("*")));
  }

  /** Returns what is needed to look at images before they are named in a stack. */
  static Optional<Statement> ofImages(List<String> repositories) {
    return repositories.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Statement.allow(
                "LookAtImages",
                List.of("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
                repositories));
  }

  static List<Statement> statements(StackSpec spec) {
    Account account = spec.account();
    String all = spec.names().prefix() + "*";
    String lower = all.toLowerCase(java.util.Locale.ROOT);
    String bucket = DataPermissions.bucketArn(account, lower);
    List<Statement> may = new ArrayList<>(roles(spec));
    may.addAll(
        List.of(
            Statement.allow(
                "Stacks",
                List.of(
                    "cloudformation:CreateChangeSet",
                    "cloudformation:DeleteChangeSet",
                    "cloudformation:DeleteStack",
                    "cloudformation:DescribeChangeSet",
                    "cloudformation:DescribeStackEvents",
                    "cloudformation:DescribeStackResources",
                    "cloudformation:DescribeStacks",
                    "cloudformation:ExecuteChangeSet",
                    "cloudformation:GetTemplate",
                    "cloudformation:ListChangeSets",
                    "cloudformation:ListStackResources",
                    "cloudformation:ContinueUpdateRollback",
                    "cloudformation:TagResource",
                    "cloudformation:UntagResource"),
                List.of(
                    account.arn("cloudformation", "stack/" + all),
                    account.arn("cloudformation", "changeSet/*"))),
            Statement.allow(
                "Buckets",
                List.of(
                    "s3:CreateBucket",
                    "s3:DeleteBucket",
                    "s3:DeleteBucketPolicy",
                    "s3:GetBucket*",
                    "s3:GetEncryptionConfiguration",
                    "s3:GetLifecycleConfiguration",
                    "s3:ListBucket*",
                    "s3:PutBucket*",
                    "s3:PutEncryptionConfiguration",
                    "s3:PutLifecycleConfiguration"),
                List.of(bucket)),
            Statement.allow(
                "Objects",
                List.of(
                    "s3:GetObject",
                    "s3:PutObject",
                    "s3:DeleteObject",
                    "s3:DeleteObjectVersion",
                    "s3:AbortMultipartUpload",
                    "s3:ListMultipartUploadParts"),
                List.of(bucket + "/*")),
            Statement.allow(
                "Queues",
                List.of(
                    "sqs:CreateQueue",
                    "sqs:DeleteQueue",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                    "sqs:ListQueueTags",
                    "sqs:SetQueueAttributes",
                    "sqs:TagQueue",
                    "sqs:UntagQueue"),
                List.of(account.arn("sqs", all))),
            Statement.allow(
                "Router", List.of("lambda:*"), List.of(account.arn("lambda", "function:" + all))),
            Statement.allow(
                "RouterEvents",
                List.of(
                    "lambda:CreateEventSourceMapping",
                    "lambda:DeleteEventSourceMapping",
                    "lambda:GetEventSourceMapping",
                    "lambda:ListTags",
                    "lambda:TagResource",
                    "lambda:UntagResource",
                    "lambda:UpdateEventSourceMapping"),
                List.of(account.arn("lambda", "event-source-mapping:*"))),
            Statement.allow(
                "Schedules",
                List.of("scheduler:*"),
                List.of(
                    account.arn("scheduler", "schedule-group/" + all),
                    account.arn("scheduler", "schedule/" + all + "/*"))),
            Statement.allow("Topics", List.of("sns:*"), List.of(account.arn("sns", all))),
            Statement.allow(
                "Logs",
                List.of(
                    "logs:CreateLogGroup",
                    "logs:DeleteLogGroup",
                    "logs:DeleteRetentionPolicy",
                    "logs:FilterLogEvents",
                    "logs:ListTagsForResource",
                    "logs:PutRetentionPolicy",
                    "logs:TagResource",
                    "logs:UntagResource"),
                List.of(account.arn("logs", "log-group:/yunpipe/" + all))),
            Statement.allow(
                "Alarms",
                List.of(
                    "cloudwatch:DeleteAlarms",
                    "cloudwatch:ListTagsForResource",
                    "cloudwatch:PutMetricAlarm",
                    "cloudwatch:TagResource",
                    "cloudwatch:UntagResource"),
                List.of(account.arn("cloudwatch", "alarm:" + all))),
            Statement.allow(
                "Batch",
                List.of("batch:*"),
                List.of(
                    account.arn("batch", "compute-environment/" + all),
                    account.arn("batch", "job-queue/" + all),
                    account.arn("batch", "job-definition/" + all),
                    account.arn("batch", "job/*"))),
            Statement.allow(
                "Ecs",
                List.of("ecs:*"),
                List.of(
                    account.arn("ecs", "cluster/" + all),
                    account.arn("ecs", "task/" + all),
                    account.arn("ecs", "task-definition/" + all))),
            new Statement(
                "GiveRoles",
                true,
                null,
                List.of("iam:PassRole"),
                List.of(
                    account.globalArn("iam", "role/" + all),
                    account.globalArn("iam", "role/aws-service-role/batch.amazonaws.com/*")),
                Map.of(
                    "StringEquals",
                    Map.of(
                        "iam:PassedToService",
                        List.of(
                            "batch.amazonaws.com",
                            "ec2.amazonaws.com",
                            "ecs-tasks.amazonaws.com",
                            "lambda.amazonaws.com",
                            "scheduler.amazonaws.com")))),
            Statement.allow(
                    "RoleOfBatch",
                    List.of("iam:CreateServiceLinkedRole"),
                    List.of(account.globalArn("iam", "role/aws-service-role/*")))
                .when(
                    "StringEquals",
                    "iam:AWSServiceName",
                    List.of("batch.amazonaws.com", "ecs.amazonaws.com", "spot.amazonaws.com")),
            Statement.allow(
                "Images", List.of("ecr:*"), List.of(account.arn("ecr", "repository/" + lower))),
            Statement.allow(
                    "Machines",
                    List.of(
                        "ec2:AuthorizeSecurityGroupEgress",
                        "ec2:CreateLaunchTemplateVersion",
                        "ec2:CreateTags",
                        "ec2:DeleteLaunchTemplate",
                        "ec2:DeleteLaunchTemplateVersions",
                        "ec2:DeleteSecurityGroup",
                        "ec2:DeleteTags",
                        "ec2:ModifyLaunchTemplate",
                        "ec2:RevokeSecurityGroupEgress",
                        "ec2:TerminateInstances"),
                    List.of(
                        account.arn("ec2", "launch-template/*"),
                        account.arn("ec2", "security-group/*"),
                        account.arn("ec2", "instance/*")))
                .when("StringLike", "aws:ResourceTag/" + Tags.STACK, all),
            Statement.allow(
                "NewMachines",
                List.of("ec2:CreateLaunchTemplate", "ec2:CreateSecurityGroup"),
                List.of(
                    account.arn("ec2", "launch-template/*"),
                    account.arn("ec2", "security-group/*"),
                    account.arn("ec2", "vpc/*"))),
            // Else a tag of ours on somebody's group would be the right to delete that.
            Statement.allow(
                    "TagNewMachines",
                    List.of("ec2:CreateTags"),
                    List.of(
                        account.arn("ec2", "launch-template/*"),
                        account.arn("ec2", "security-group/*")))
                .when(
                    "StringEquals",
                    "ec2:CreateAction",
                    List.of("CreateLaunchTemplate", "CreateSecurityGroup")),
            // The services have no names for these, or what they are asked is not ours alone.
            Statement.allow(
                "Look",
                List.of(
                    "batch:Describe*",
                    "batch:List*",
                    "batch:DeregisterJobDefinition",
                    "batch:RegisterJobDefinition",
                    "cloudformation:DescribeStacks",
                    "cloudformation:ListStacks",
                    "cloudformation:ValidateTemplate",
                    "cloudwatch:DescribeAlarms",
                    "ec2:Describe*",
                    "ecr:GetAuthorizationToken",
                    "ecs:DeregisterTaskDefinition",
                    "ecs:DescribeTaskDefinition",
                    "ecs:List*",
                    "lambda:ListEventSourceMappings",
                    "logs:DescribeLogGroups",
                    "s3:ListAllMyBuckets",
                    "servicequotas:GetServiceQuota",
                    "servicequotas:ListServiceQuotas",
                    "sns:ListSubscriptions",
                    "sqs:ListQueues",
                    "ssm:GetParameters",
                    "sts:GetCallerIdentity",
                    "tag:GetResources"),
                ANY)));
    return may;
  }

  /**
   * Who makes a role may give it any right; that ends at the boundary, if there is one. Only AWS's
   * two policies that our roles have can be attached, and nobody widens the own role.
   */
  private static List<Statement> roles(StackSpec spec) {
    Account account = spec.account();
    String roles = account.globalArn("iam", "role/" + spec.names().prefix() + "*");
    String profiles = account.globalArn("iam", "instance-profile/" + spec.names().prefix() + "*");
    return List.of(
        bounded(
            spec,
            Statement.allow(
                "MakeRoles",
                List.of("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"),
                List.of(roles))),
        bounded(
            spec,
            Statement.allow("GivePolicies", List.of("iam:AttachRolePolicy"), List.of(roles))
                .when("ArnEquals", "iam:PolicyARN", Permissions.policiesOfAws(account))),
        Statement.allow(
            "Roles",
            List.of(
                "iam:DeleteRole",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRoleDescription",
                "iam:AddRoleToInstanceProfile",
                "iam:CreateInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:GetInstanceProfile",
                "iam:ListInstanceProfilesForRole",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
                "iam:UntagInstanceProfile"),
            List.of(roles, profiles)),
        Statement.deny(
            "NotItself",
            List.of("iam:*"),
            List.of(
                account.globalArn(
                    "iam", "role/" + spec.names().prefix() + "*_" + Permissions.OPERATOR))));
  }

  private static Statement bounded(StackSpec spec, Statement statement) {
    String boundary = spec.permissionsBoundary();
    return boundary.isEmpty()
        ? statement
        : statement.when("StringEquals", "iam:PermissionsBoundary", boundary);
  }
}
