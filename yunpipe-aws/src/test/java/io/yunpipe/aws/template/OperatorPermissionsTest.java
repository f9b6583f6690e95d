package io.yunpipe.aws.template;

import static io.yunpipe.aws.template.RoleCalls.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.aws.template.PolicyEvaluator.Call;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of who sets up and removes pipelines, and calls that it must not be able to make. */
class OperatorPermissionsTest {
  /** Calls that set-up, parking and removal make themselves. */
  @ParameterizedTest
  @CsvSource({
    "cloudformation:CreateChangeSet,  arn:aws:cloudformation:eu-west-1:123456789012:stack/yunpipe-edges/1",
    "cloudformation:ExecuteChangeSet, arn:aws:cloudformation:eu-west-1:123456789012:stack/yunpipe-edges/1",
    "cloudformation:DescribeStacks,   *",
    "s3:GetBucketTagging,             arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1",
    "s3:ListBucketVersions,           arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1",
    "s3:DeleteBucket,                 arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1",
    "s3:DeleteObjectVersion,          arn:aws:s3:::yunpipe-edges-123456789012-eu-west-1/runs/a",
    "s3:ListAllMyBuckets,             *",
    "ecr:BatchGetImage,               arn:aws:ecr:eu-west-1:123456789012:repository/yunpipe-images",
    "ec2:DescribeVpcs,                *",
    "ec2:DescribeSubnets,             *",
    "ec2:DescribeSecurityGroups,      *",
    "servicequotas:GetServiceQuota,   *",
    "tag:GetResources,                *",
    "batch:TerminateJob,              arn:aws:batch:eu-west-1:123456789012:job/1",
    "ecs:StopTask,                    arn:aws:ecs:eu-west-1:123456789012:task/yunpipe-edges/1"
  })
  void operator_makesTheCallsOfSetUpAndRemoval(String action, String resource) {
    assertThat(role("operator").allows(Call.of(action, resource))).isTrue();
  }

  @Test
  void operator_ofABucketThatIsThere_readsAndWritesItsEvents() {
    Specs given = Specs.of(Engine.BATCH, Capacity.FARGATE);
    given.owned = false;
    String bucket = "arn:aws:s3:::my-lab";
    assertThat(role(given, "operator").allows(Call.of("s3:PutBucketNotification", bucket)))
        .isTrue();
    assertThat(role(given, "operator").allows(Call.of("s3:PutBucketPolicy", bucket))).isFalse();
    assertThat(role("operator").allows(Call.of("s3:PutBucketNotification", bucket))).isFalse();
  }

  @Test
  void operator_worksOnNamesWithThePrefixOnly() {
    PolicyEvaluator operator = role("operator");
    String role = "arn:aws:iam::123456789012:role/";
    assertThat(operator.allows(Call.of("iam:CreateRole", role + "yunpipe-edges_eu-west-1_job")))
        .isTrue();
    assertThat(operator.allows(Call.of("iam:CreateRole", role + "admin"))).isFalse();
    assertThat(operator.allows(Call.of("iam:CreateUser", "arn:aws:iam::123456789012:user/x")))
        .isFalse();
    assertThat(operator.allows(Call.of("s3:DeleteBucket", "arn:aws:s3:::somebody-else"))).isFalse();
    Call pass = Call.of("iam:PassRole", role + "yunpipe-edges_eu-west-1_router");
    assertThat(operator.allows(pass.with("iam:PassedToService", "lambda.amazonaws.com"))).isTrue();
    assertThat(operator.allows(pass.with("iam:PassedToService", "glue.amazonaws.com"))).isFalse();
  }

  @Test
  void operator_doesNotWidenItsOwnRights() {
    PolicyEvaluator operator = role("operator");
    String roles = "arn:aws:iam::123456789012:role/yunpipe-edges_eu-west-1_";
    for (String action : List.of("AttachRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy")) {
      assertThat(operator.allows(Call.of("iam:" + action, roles + "operator"))).isFalse();
    }
    Call attach = Call.of("iam:AttachRolePolicy", roles + "instance");
    String policies = "arn:aws:iam::aws:policy/";
    assertThat(
            operator.allows(
                attach.with("iam:PolicyARN", policies + "AmazonSSMManagedInstanceCore")))
        .isTrue();
    assertThat(operator.allows(attach.with("iam:PolicyARN", policies + "AdministratorAccess")))
        .isFalse();
    Call tag = Call.of("ec2:CreateTags", "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1");
    assertThat(operator.allows(tag)).isFalse();
    assertThat(operator.allows(tag.with("ec2:CreateAction", "CreateSecurityGroup"))).isTrue();
  }

  @Test
  void operator_withABoundary_makesNoRoleWithoutIt() {
    Specs bounded = Specs.of(Engine.BATCH, Capacity.FARGATE);
    bounded.boundary = "arn:aws:iam::123456789012:policy/lab";
    PolicyEvaluator operator = role(bounded, "operator");
    String role = "arn:aws:iam::123456789012:role/yunpipe-edges_eu-west-1_job";
    for (String action : List.of("CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary")) {
      Call call = Call.of("iam:" + action, role);
      assertThat(operator.allows(call)).as(action).isFalse();
      assertThat(operator.allows(call.with("iam:PermissionsBoundary", bounded.boundary)))
          .as(action)
          .isTrue();
    }
    assertThat(operator.allows(Call.of("iam:DeleteRolePermissionsBoundary", role))).isFalse();
  }
}
