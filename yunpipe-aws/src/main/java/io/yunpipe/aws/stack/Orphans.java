package io.yunpipe.aws.stack;

import io.yunpipe.BackendException;
import io.yunpipe.Leftover;
import io.yunpipe.SetUpListener;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What pipelines that crashed or were half removed have left: found by tag and by name, and no
 * stack is there that owns it.
 */
public final class Orphans {
  private static final String STACK = "stack";
  private static final String QUEUE = "SQS queue";
  private static final String LOGS = "log group";
  private static final String MACHINE = "EC2 instance";
  private static final String DEFINITION = "job definition";
  private static final String BUCKET = "bucket";

  private final Cloud cloud;
  private final String prefix;
  private final Function<String, List<String>> queueNames;
  private final Consumer<String> deleteQueue;

  /**
   * Creates it. Touches no network.
   *
   * @param prefix what all names start with; setting {@code queue-prefix}
   * @param queueNames lists queues by prefix
   * @param deleteQueue deletes a queue
   */
  public Orphans(
      Cloud cloud,
      String prefix,
      Function<String, List<String>> queueNames,
      Consumer<String> deleteQueue) {
    this.cloud = cloud;
    this.prefix = prefix;
    this.queueNames = queueNames;
    this.deleteQueue = deleteQueue;
  }

  /** Looks for them. */
  public List<Leftover> find() {
    Map<String, Leftover> found = new TreeMap<>();
    Set<String> living = new HashSet<>();
    for (StackView stack : cloud.cloudFormation().list(prefix)) {
      switch (stack.state()) {
        case COMPLETE, ROLLED_BACK, STUCK, IN_PROGRESS, DELETING -> living.add(stack.name());
        case FAILED, DELETE_FAILED, REVIEWED ->
            add(found, new Leftover(STACK, stack.name(), "its status is " + stack.status(), true));
        case ABSENT -> {}
      }
    }
    new Tagged(cloud).all().forEach((arn, stack) -> tagged(arn, stack, living, found));
    names(living, found);
    return List.copyOf(found.values());
  }

  private static void add(Map<String, Leftover> found, Leftover one) {
    found.putIfAbsent(one.kind() + " " + one.name(), one);
  }

  private void tagged(String arn, String stack, Set<String> living, Map<String, Leftover> found) {
    if (!stack.startsWith(prefix) || living.contains(stack)) {
      return;
    }
    String why = "it is tagged as stack " + stack + "'s, which is not there";
    String service = arn.split(":", -1)[2];
    String resource = arn.split(":", 6)[5];
    String last = resource.substring(resource.lastIndexOf('/') + 1);
    if (service.equals("sqs")) {
      add(found, new Leftover(QUEUE, resource, why, true));
    } else if (service.equals("ec2") && resource.startsWith("instance/")) {
      add(found, new Leftover(MACHINE, last, why, true));
    } else if (service.equals("batch") && resource.startsWith("job-definition/")) {
      add(found, new Leftover(DEFINITION, last, why, true));
    } else if (service.equals("logs")) {
      String group = resource.replaceFirst("^log-group:", "").replaceFirst(":\\*$", "");
      add(found, new Leftover(LOGS, group, why, true));
    } else if (service.equals("s3")) {
      add(found, new Leftover(BUCKET, resource, why + "; it may hold data", false));
    } else if (!service.equals("cloudformation")) {
      add(found, new Leftover(service, resource, why, false));
    }
  }

  private void names(Set<String> living, Map<String, Leftover> found) {
    for (String queue : queueNames.apply(prefix)) {
      int end = queue.indexOf('_');
      if (end > 0 && !living.contains(queue.substring(0, end))) {
        String why = "there is no stack " + queue.substring(0, end);
        add(
            found,
            new Leftover(
                QUEUE, queue, why + "; a pipeline with compute = threads may use it", false));
      }
    }
    for (String bucket : cloud.buckets().names(prefix)) {
      if (living.stream().noneMatch(stack -> bucket.startsWith(stack + "-"))
          && !bucket.startsWith(prefix + "artifacts-")) {
        add(
            found,
            new Leftover(
                BUCKET,
                bucket,
                "no living stack has a name it starts with; it may hold data",
                false));
      }
    }
    for (String group : logGroups()) {
      if (!living.contains(group.substring(group.lastIndexOf('/') + 1))) {
        add(found, new Leftover(LOGS, group, "there is no stack of that name", true));
      }
    }
  }

  private JsonService logs() {
    return cloud.json("CloudWatch Logs", "logs", "Logs_20140328");
  }

  private List<String> logGroups() {
    List<String> names = new ArrayList<>();
    String next = "";
    do {
      String from = next;
      JsonAnswer answer =
          logs()
              .call(
                  "DescribeLogGroups",
                  "log groups of yunpipe",
                  json -> {
                    json.writeStringField("logGroupNamePrefix", "/yunpipe/" + prefix);
                    if (!from.isEmpty()) {
                      json.writeStringField("nextToken", from);
                    }
                  });
      answer.objects("logGroups").forEach(one -> names.add(one.text("logGroupName")));
      next = answer.text("nextToken");
    } while (!next.isEmpty());
    return names;
  }

  /**
   * Removes one that is removable.
   *
   * @throws BackendException if it could not be removed
   */
  public void remove(Leftover one, SetUpListener listener) {
    listener.step("Removing " + one.kind() + " " + one.name());
    switch (one.kind()) {
      case STACK -> {
        CloudFormation stacks = cloud.cloudFormation();
        StackWait wait = new StackWait(stacks, cloud.pause(), cloud.clock());
        new StackDeletion(stacks, wait).delete(one.name(), listener).tell(listener);
      }
      case QUEUE -> deleteQueue.accept(one.name());
      case MACHINE ->
          cloud.ec2().call("TerminateInstances", Map.of("InstanceId.1", one.name()), one.name());
      case LOGS -> {
        JsonAnswer unused =
            logs()
                .call(
                    "DeleteLogGroup",
                    one.name(),
                    json -> json.writeStringField("logGroupName", one.name()));
      }
      case DEFINITION -> {
        JsonAnswer unused =
            cloud
                .batch()
                .call(
                    "DeregisterJobDefinition",
                    one.name(),
                    json -> json.writeStringField("jobDefinition", one.name()));
      }
      default -> throw new IllegalArgumentException(one + " is not removable");
    }
  }
}
