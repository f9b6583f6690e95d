package io.yunpipe.aws.template;

import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.spi.StageNeeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bucket and queues. */
final class DataParts {
  private static final long RETENTION_SECONDS = Duration.ofDays(14).toSeconds();

  private final StackSpec spec;
  private final StackNames names;
  private final Account account;

  DataParts(StackSpec spec) {
    this.spec = spec;
    this.names = spec.names();
    this.account = spec.account();
  }

  void addTo(Parts parts) {
    List<Object> urls = new ArrayList<>();
    for (StageNeeds stage : spec.stages()) {
      String name = names.ofStage(stage.name());
      String id = LogicalId.of("Queue", stage.name());
      queue(parts, id, name, spec.lease(), spec.maxReceives());
      urls.add(Values.ref(id));
      urls.add(Values.ref(id + "Dead"));
    }
    queue(parts, "Ingress", names.ingress(), RouterParts.TIMEOUT.multipliedBy(6), 5);
    urls.add(Values.ref("IngressDead"));
    parts.add(
        "QueuePolicy",
        "AWS::SQS::QueuePolicy",
        Values.map("Queues", urls, "PolicyDocument", Statement.policy(List.of(tlsOnly()))));
    parts.add(
        "IngressPolicy",
        "AWS::SQS::QueuePolicy",
        Values.map(
            "Queues",
            List.of(Values.ref("Ingress")),
            "PolicyDocument",
            Statement.policy(List.of(tlsOnly(), events()))));
    if (spec.bucket().owned()) {
      bucket(parts);
    }
  }

  /** The same attributes as {@link SqsQueues#create} sets, so that it finds nothing to do. */
  private void queue(Parts parts, String id, String name, Duration lease, int maxReceives) {
    parts.add(
        id + "Dead",
        "AWS::SQS::Queue",
        Values.map(
            "QueueName",
            name + SqsQueues.DEAD,
            "MessageRetentionPeriod",
            RETENTION_SECONDS,
            "SqsManagedSseEnabled",
            true));
    parts.add(
        id,
        "AWS::SQS::Queue",
        Values.map(
            "QueueName",
            name,
            "MessageRetentionPeriod",
            RETENTION_SECONDS,
            "VisibilityTimeout",
            Math.max(1, lease.toSeconds()),
            "ReceiveMessageWaitTimeSeconds",
            20,
            "SqsManagedSseEnabled",
            true,
            "RedrivePolicy",
            Values.map(
                "deadLetterTargetArn",
                Values.attribute(id + "Dead", "Arn"),
                "maxReceiveCount",
                maxReceives)));
  }

  /** In a queue's own policy, all resources are that queue. */
  private static Statement tlsOnly() {
    return Statement.deny("TlsOnly", List.of("sqs:*"), List.of("*"))
        .of("*")
        .when("Bool", "aws:SecureTransport", "false");
  }

  private Statement events() {
    return Statement.allow(
            "Events", List.of("sqs:SendMessage"), List.of(account.arn("sqs", names.ingress())))
        .of(Map.of("Service", "s3.amazonaws.com"))
        .when("ArnEquals", "aws:SourceArn", bucketArn())
        .when("StringEquals", "aws:SourceAccount", account.id());
  }

  private String bucketArn() {
    return DataPermissions.bucketArn(account, spec.bucket().name());
  }

  private void bucket(Parts parts) {
    String inbox = spec.bucket().prefix() + "inbox/" + names.pipeline() + "/";
    Map<String, Object> properties = Buckets.properties(spec.bucket().name());
    properties.put(
        "NotificationConfiguration",
        Values.map(
            "QueueConfigurations",
            List.of(
                Values.map(
                    "Event", "s3:ObjectCreated:*",
                    "Queue", Values.attribute("Ingress", "Arn"),
                    "Filter",
                        Values.map(
                            "S3Key",
                            Values.map(
                                "Rules",
                                List.of(Values.map("Name", "prefix", "Value", inbox))))))));
    // S3 tries whether it may send before it takes the configuration.
    parts.addKept("Bucket", "AWS::S3::Bucket", properties, List.of("IngressPolicy"));
    parts.addKept(
        "BucketPolicy",
        "AWS::S3::BucketPolicy",
        Values.map(
            "Bucket", Values.ref("Bucket"),
            "PolicyDocument",
                Statement.policy(
                    List.of(
                        Buckets.tlsOnly(bucketArn()),
                        DataPermissions.writeOnce(facts()).of("*"),
                        keepFacts()))),
        List.of());
  }

  /** Only a clean-up removes facts, and it is neither worker nor router. */
  private Statement keepFacts() {
    return Statement.deny(
            "KeepFacts", List.of("s3:DeleteObject", "s3:DeleteObjectVersion"), facts())
        .of("*")
        .when(
            "ArnEquals",
            "aws:PrincipalArn",
            List.of(
                names.roleArn(account, Permissions.JOB),
                names.roleArn(account, Permissions.INSTANCE),
                names.roleArn(account, Permissions.ROUTER)));
  }

  private List<String> facts() {
    return new DataPermissions(spec).facts();
  }
}
