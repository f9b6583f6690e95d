package io.yunpipe.aws.template;

import java.util.List;
import java.util.Map;

/** The template of a pipeline's stack: all it needs on AWS except programs and images. */
public final class PipelineTemplate {
  private PipelineTemplate() {}

  /**
   * Makes the template. Touches no network.
   *
   * @throws io.yunpipe.ConfigurationException if a stage could never run there, with all problems;
   *     limits of AWS are checked by {@link Template#check}
   */
  public static Template of(StackSpec spec) {
    Fit.check(spec);
    Parts parts =
        new Parts(
            "yunpipe: pipeline " + spec.names().pipeline() + (spec.parked() ? " (parked)" : ""),
            Tags.of(spec));
    RoleNames roles = new RoleNames(spec);
    Network network = new Network(spec.compute());
    if (spec.ownRoles()) {
      Permissions.roles(spec).forEach(role -> parts.addRole(role, spec.permissionsBoundary()));
    }
    parts.add(
        "LogGroup",
        "AWS::Logs::LogGroup",
        Values.map("LogGroupName", spec.names().logGroup(), "RetentionInDays", spec.logDays()));
    new DataParts(spec).addTo(parts);
    topic(spec, parts);
    network.addTo(parts, spec.names());
    new RouterParts(spec).addTo(parts, network, roles);
    switch (spec.compute().engine()) {
      case BATCH -> new BatchParts(spec, network, roles).addTo(parts);
      case ECS -> new EcsParts(spec, roles).addTo(parts);
      case EC2_SSM -> new MachineParts(spec, network, roles).addTo(parts);
    }
    outputs(spec, parts);
    return parts.template();
  }

  private static void topic(StackSpec spec, Parts parts) {
    String arn = spec.names().topicArn(spec.account());
    parts.add("Topic", "AWS::SNS::Topic", Values.map("TopicName", spec.names().stack()));
    parts.add(
        "TopicPolicy",
        "AWS::SNS::TopicPolicy",
        Values.map(
            "Topics", List.of(Values.ref("Topic")),
            "PolicyDocument",
                Statement.policy(
                    List.of(
                        Statement.deny("TlsOnly", List.of("sns:Publish"), List.of(arn))
                            .of("*")
                            .when("Bool", "aws:SecureTransport", "false"),
                        Statement.allow("Alarms", List.of("sns:Publish"), List.of(arn))
                            .of(Map.of("Service", "cloudwatch.amazonaws.com"))
                            .when("StringEquals", "aws:SourceAccount", spec.account().id())))));
    for (String mail : spec.mails()) {
      parts.add(
          LogicalId.of("Mail", mail),
          "AWS::SNS::Subscription",
          Values.map("Protocol", "email", "Endpoint", mail, "TopicArn", Values.ref("Topic")));
    }
  }

  private static void outputs(StackSpec spec, Parts parts) {
    parts.output("Bucket", "The bucket of the data.", spec.bucket().name());
    parts.output(
        "Inbox",
        "Files that are put here are processed.",
        "s3://"
            + spec.bucket().name()
            + "/"
            + spec.bucket().prefix()
            + "inbox/"
            + spec.names().pipeline()
            + "/");
    parts.output("Topic", "Tells of runs.", Values.ref("Topic"));
    parts.output("Ingress", "The queue of events.", Values.ref("Ingress"));
    parts.output("Router", "The function that serves events.", Values.ref("RouterLive"));
  }
}
