package io.yunpipe.aws.template;

import io.yunpipe.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The router: a function, what calls it, and what tells that it is not well. */
final class RouterParts {
  /** How long the function may take. */
  static final Duration TIMEOUT = Duration.ofMinutes(3);

  private static final String HANDLER = "io.yunpipe.lambda.RouterHandler";

  private final StackSpec spec;
  private final StackNames names;

  RouterParts(StackSpec spec) {
    this.spec = spec;
    this.names = spec.names();
  }

  void addTo(Parts parts, Network network, RoleNames roles) {
    Map<String, Object> function = function(network, roles);
    parts.add("Router", "AWS::Lambda::Function", function);
    // A version never changes: another program or environment is another version.
    String version =
        "RouterVersion"
            + Sha256.of(
                    (spec.router().sha256() + Template.text(function))
                        .getBytes(StandardCharsets.UTF_8))
                .substring(0, 12);
    parts.add(
        version,
        "AWS::Lambda::Version",
        Values.map(
            "FunctionName",
            Values.ref("Router"),
            "Description",
            "Program " + spec.router().sha256()));
    parts.add(
        "RouterLive",
        "AWS::Lambda::Alias",
        Values.map(
            "FunctionName", Values.ref("Router"),
            "FunctionVersion", Values.attribute(version, "Version"),
            "Name", "live"));
    // Only events call it. Each mapping is five pollers that never rest, so the dead letters of
    // stages are left to the tick.
    parts.add(
        "RouterEvents",
        "AWS::Lambda::EventSourceMapping",
        Values.map(
            "FunctionName", Values.ref("RouterLive"),
            "EventSourceArn", Values.attribute("Ingress", "Arn"),
            "BatchSize", 100,
            "MaximumBatchingWindowInSeconds", 2,
            "FunctionResponseTypes", List.of("ReportBatchItemFailures"),
            "ScalingConfig", Values.map("MaximumConcurrency", 5),
            "Enabled", !spec.parked()));
    schedule(parts, roles);
    alarms(parts);
  }

  private Map<String, Object> function(Network network, RoleNames roles) {
    return Values.map(
        "FunctionName", names.router(),
        "Description", "Turns uploads into runs and sees to it that they go on.",
        "Runtime", "java21",
        "Architectures", List.of("arm64"),
        "Handler", HANDLER,
        "Code", Values.map("S3Bucket", spec.router().bucket(), "S3Key", spec.router().key()),
        "MemorySize", spec.router().memoryMib(),
        "Timeout", TIMEOUT.toSeconds(),
        "Role", roles.arn(Permissions.ROUTER),
        "SnapStart", Values.map("ApplyOn", "PublishedVersions"),
        "LoggingConfig", Values.map("LogFormat", "Text", "LogGroup", Values.ref("LogGroup")),
        "Environment", Values.map("Variables", WorkerEnvironment.ofRouter(spec, network)));
  }

  private void schedule(Parts parts, RoleNames roles) {
    parts.add("Schedules", "AWS::Scheduler::ScheduleGroup", Values.map("Name", names.stack()));
    parts.add(
        "Tick",
        "AWS::Scheduler::Schedule",
        Values.map(
            "Name",
            "tick",
            "GroupName",
            Values.ref("Schedules"),
            "Description",
            "Looks after unfinished runs of " + names.pipeline() + ".",
            "ScheduleExpression",
            "rate(1 minute)",
            "FlexibleTimeWindow",
            Values.map("Mode", "OFF"),
            "State",
            spec.parked() ? "DISABLED" : "ENABLED",
            "Target",
            Values.map(
                "Arn", Values.ref("RouterLive"),
                "RoleArn", roles.arn(Permissions.SCHEDULER),
                "Input", "{\"yunpipe\":\"tick\"}",
                // The next one comes anyway.
                "RetryPolicy",
                    Values.map("MaximumEventAgeInSeconds", 60, "MaximumRetryAttempts", 0))));
  }

  private void alarms(Parts parts) {
    alarm(
        parts,
        "EventsRefusedAlarm",
        "Events that the router could not read are in " + names.ingress() + "_dead.",
        Values.map(
            "Namespace",
            "AWS/SQS",
            "MetricName",
            "ApproximateNumberOfMessagesVisible",
            "Dimensions",
            dimension("QueueName", Values.attribute("IngressDead", "QueueName")),
            "Statistic",
            "Maximum",
            "Threshold",
            0,
            "EvaluationPeriods",
            1));
    alarm(
        parts,
        "EventsWaitAlarm",
        "Uploads have waited for the router for a quarter of an hour.",
        Values.map(
            "Namespace",
            "AWS/SQS",
            "MetricName",
            "ApproximateAgeOfOldestMessage",
            "Dimensions",
            dimension("QueueName", Values.attribute("Ingress", "QueueName")),
            "Statistic",
            "Maximum",
            "Threshold",
            900,
            "EvaluationPeriods",
            1));
    alarm(
        parts,
        "RouterErrorsAlarm",
        "The router failed in each of the last fifteen minutes' thirds.",
        Values.map(
            "Namespace",
            "AWS/Lambda",
            "MetricName",
            "Errors",
            "Dimensions",
            dimension("FunctionName", Values.ref("Router")),
            "Statistic",
            "Sum",
            "Threshold",
            0,
            "EvaluationPeriods",
            3));
  }

  private void alarm(Parts parts, String id, String description, Map<String, Object> properties) {
    properties.put("AlarmDescription", description);
    properties.put("ComparisonOperator", "GreaterThanThreshold");
    properties.put("Period", 300);
    properties.put("TreatMissingData", "notBreaching");
    properties.put("ActionsEnabled", !spec.parked());
    properties.put("AlarmActions", List.of(Values.ref("Topic")));
    parts.add(id, "AWS::CloudWatch::Alarm", properties);
  }

  private static Object dimension(String name, Object value) {
    return List.of(Values.map("Name", name, "Value", value));
  }
}
