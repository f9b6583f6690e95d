package io.yunpipe.aws.stack;

import io.yunpipe.Resources;
import io.yunpipe.aws.template.Account;
import io.yunpipe.aws.template.ComputeSpec;
import io.yunpipe.aws.template.ComputeSpec.Architecture;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.ComputeSpec.Engine;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.internal.Sha256;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.StageNeeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A pipeline with as small a stack as shows everything: a bucket, queues, a schedule. */
record SmallBlueprint(
    StackNames names,
    String bucket,
    List<StageNeeds> stages,
    ComputeSpec compute,
    int visibility,
    int padding)
    implements Blueprint {
  static SmallBlueprint of(String pipeline) {
    return of("yunpipe-", pipeline);
  }

  static SmallBlueprint of(String prefix, String pipeline) {
    return new SmallBlueprint(
        new StackNames(prefix, pipeline),
        "",
        List.of(stage("edges", "busybox:1")),
        computeIn(List.of()),
        60,
        0);
  }

  static StageNeeds stage(String name, @Nullable String image) {
    return new StageNeeds(name, image, null, Resources.DEFAULT, null, null);
  }

  static ComputeSpec computeIn(List<String> subnets) {
    return new ComputeSpec(
        Engine.BATCH,
        Capacity.FARGATE,
        Architecture.X86_64,
        10,
        List.of(),
        "",
        subnets,
        List.of(),
        false,
        "",
        Duration.ofHours(1),
        "");
  }

  SmallBlueprint visibility(int seconds) {
    return new SmallBlueprint(names, bucket, stages, compute, seconds, padding);
  }

  SmallBlueprint bucket(String name) {
    return new SmallBlueprint(names, name, stages, compute, visibility, padding);
  }

  SmallBlueprint stages(StageNeeds... all) {
    return new SmallBlueprint(names, bucket, List.of(all), compute, visibility, padding);
  }

  SmallBlueprint compute(ComputeSpec spec) {
    return new SmallBlueprint(names, bucket, stages, spec, visibility, padding);
  }

  SmallBlueprint padding(int characters) {
    return new SmallBlueprint(names, bucket, stages, compute, visibility, characters);
  }

  @Override
  public Optional<Boolean> publicIp() {
    return Optional.empty();
  }

  @Override
  public String prefix() {
    return "";
  }

  @Override
  public Program program() {
    byte[] bytes = ("program of " + names.pipeline()).getBytes(StandardCharsets.UTF_8);
    return new Program(Content.of(bytes), Sha256.of(bytes));
  }

  @Override
  public String template(Given given) {
    StringJoiner resources = new StringJoiner(",");
    if (given.ownBucket()) {
      resources.add(
          """
          "Data":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain","Properties":{
          "BucketName":"%s","Tags":[{"Key":"yunpipe:stack","Value":"%s"}]}}"""
              .formatted(given.bucket(), names.stack()));
    }
    resources.add(queue("Ingress", names.ingress()));
    stages.forEach(stage -> resources.add(queue("Q" + stage.name(), names.ofStage(stage.name()))));
    resources.add(
        """
        "Tick":{"Type":"AWS::Events::Rule","Properties":{"Name":"%s","State":"ENABLED",
        "ScheduleExpression":"rate(1 minute)"}}"""
            .formatted(names.stack()));
    return """
        {"Description":"%s of %s %s","Resources":{%s}}"""
        .formatted(
            "x".repeat(padding), given.images(), given.program().sha256(), resources.toString())
        .replace("\n", "");
  }

  private String queue(String logical, String name) {
    return """
        "%s":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"%s","VisibilityTimeout":%d}}"""
        .formatted(logical, name, visibility);
  }

  @Override
  public String roles(Account account) {
    return """
        {"Resources":{"JobRole":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"%s",
        "AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}}}}}"""
        .formatted(names.role(account, "job"));
  }

  @Override
  public String bootstrap(Account account) {
    return """
        {"Resources":{"Artifacts":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"%s"}}}}"""
        .formatted(names.artifacts(account));
  }
}
