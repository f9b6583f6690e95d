package io.yunpipe.aws.compute;

import com.fasterxml.jackson.core.JsonGenerator;
import io.yunpipe.BackendException;
import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.template.ComputeSpec.Capacity;
import io.yunpipe.aws.template.StackNames;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers as tasks of ECS, started ten to a call: there is no queue between, so nothing starts
 * sooner, and what cannot be placed now is refused at once.
 */
final class EcsFleet implements Fleet {
  private static final Logger logger = LoggerFactory.getLogger(EcsFleet.class);

  private static final int MAX_TASKS = 10;
  private static final int MAX_DESCRIBED = 100;
  private static final Set<String> STARTING = Set.of("PROVISIONING", "PENDING", "ACTIVATING");

  private final JsonService ecs;
  private final StackNames names;
  private final Capacity capacity;
  private final Network.Source network;
  private final Duration maxLife;
  private final Clock clock;

  EcsFleet(
      JsonService ecs,
      StackNames names,
      Capacity capacity,
      Network.Source network,
      Duration maxLife,
      Clock clock) {
    this.ecs = ecs;
    this.names = names;
    this.capacity = capacity;
    this.network = network;
    this.maxLife = maxLife;
    this.clock = clock;
  }

  @Override
  public Census census(String stage, long since) {
    List<JsonAnswer> tasks = described(tasks(stage, "RUNNING"));
    int starting =
        (int) tasks.stream().filter(task -> STARTING.contains(task.text("lastStatus"))).count();
    int running =
        (int) tasks.stream().filter(task -> task.text("lastStatus").equals("RUNNING")).count();
    return new Census(
        running,
        starting,
        running > 0
            ? Optional.empty()
            : lastStopped(stage)
                .filter(task -> task.text("stopCode").equals("TaskFailedToStart"))
                .filter(task -> millis(task, "createdAt") >= since)
                .map(task -> failedToStart(task) + "."));
  }

  @Override
  public Optional<String> lastEnd(String stage) {
    return lastStopped(stage)
        .map(
            task ->
                task.text("stopCode").equals("TaskFailedToStart")
                    ? failedToStart(task)
                    : ended(task));
  }

  /** ECS shows tasks for an hour after they stopped. */
  private Optional<JsonAnswer> lastStopped(String stage) {
    return described(tasks(stage, "STOPPED")).stream()
        .max(Comparator.comparingLong(task -> millis(task, "createdAt")));
  }

  private static String failedToStart(JsonAnswer task) {
    return "Task "
        + task.text("taskArn")
        + " of ECS could not start: "
        + task.text("stoppedReason")
        + ". Check that the image is there, and that the subnets reach its registry"
        + " (a public address, a NAT gateway or endpoints)";
  }

  private static String ended(JsonAnswer task) {
    String containers =
        task.objects("containers").stream()
            .map(
                container ->
                    (container.text("exitCode").isEmpty()
                            ? ""
                            : "exit code " + container.text("exitCode") + " ")
                        + container.text("reason"))
            .map(String::strip)
            .filter(said -> !said.isEmpty())
            .collect(Collectors.joining("; "));
    return "Task "
        + task.text("taskArn")
        + " of ECS has ended: "
        + task.text("stoppedReason")
        + (containers.isEmpty() ? "" : " (" + containers + ")")
        + ". Check that the image has the worker, and look at its lines in the stack's log group";
  }

  /** Times are seconds with a fraction. */
  private static long millis(JsonAnswer task, String time) {
    String seconds = task.text(time);
    return seconds.isEmpty() ? 0 : (long) (Double.parseDouble(seconds) * 1000);
  }

  @Override
  public int endOld() {
    long tooOld = clock.millis() - maxLife.toMillis();
    List<String> old =
        described(tasks("", "RUNNING")).stream()
            .filter(
                task ->
                    (task.text("startedAt").isEmpty()
                            ? millis(task, "createdAt")
                            : millis(task, "startedAt"))
                        < tooOld)
            .map(task -> task.text("taskArn"))
            .toList();
    if (!old.isEmpty()) {
      logger.warn("Ending tasks that are older than {}: {}", maxLife, old);
      old.forEach(task -> stop(task, "longest life (yunpipe.aws.max-life) reached"));
    }
    return old.size();
  }

  /** Returns tasks of a stage, or of all if it is empty. */
  private List<String> tasks(String stage, String status) {
    List<String> arns = new ArrayList<>();
    String next = "";
    do {
      String page = next;
      JsonAnswer answer =
          ecs.call(
              "ListTasks",
              cluster(),
              json -> {
                json.writeStringField("cluster", names.stack());
                if (!stage.isEmpty()) {
                  json.writeStringField("family", names.ofStage(stage));
                }
                json.writeStringField("desiredStatus", status);
                if (!page.isEmpty()) {
                  json.writeStringField("nextToken", page);
                }
              });
      arns.addAll(answer.texts("taskArns"));
      next = answer.text("nextToken");
    } while (!next.isEmpty());
    return arns;
  }

  private List<JsonAnswer> described(List<String> arns) {
    List<JsonAnswer> tasks = new ArrayList<>();
    for (int from = 0; from < arns.size(); from += MAX_DESCRIBED) {
      List<String> some = arns.subList(from, Math.min(arns.size(), from + MAX_DESCRIBED));
      JsonAnswer answer =
          ecs.call(
              "DescribeTasks",
              cluster(),
              json -> {
                json.writeStringField("cluster", names.stack());
                BatchFleet.texts(json, "tasks", some);
              });
      tasks.addAll(answer.objects("tasks"));
    }
    return tasks;
  }

  @Override
  public void launch(Order order) {
    Network place = network.get();
    for (int started = 0; started < order.count(); started += MAX_TASKS) {
      int size = Math.min(order.count() - started, MAX_TASKS);
      String token = order.token() + "-" + started;
      List<JsonAnswer> failures =
          ecs.call(
                  "RunTask",
                  cluster() + " and task definition " + names.ofStage(order.stage()),
                  json -> write(json, order, size, token, place))
              .objects("failures");
      if (!failures.isEmpty()) {
        throw refused(order, started + size - failures.size(), failures);
      }
    }
  }

  private void write(JsonGenerator json, Order order, int size, String token, Network place)
      throws IOException {
    json.writeStringField("cluster", names.stack());
    json.writeStringField("taskDefinition", names.ofStage(order.stage()));
    json.writeNumberField("count", size);
    json.writeStringField("clientToken", token);
    json.writeStringField("propagateTags", "TASK_DEFINITION");
    json.writeBooleanField("enableECSManagedTags", true);
    switch (capacity) {
      case FARGATE -> json.writeStringField("launchType", "FARGATE");
      case FARGATE_SPOT -> {
        json.writeArrayFieldStart("capacityProviderStrategy");
        json.writeStartObject();
        json.writeStringField("capacityProvider", "FARGATE_SPOT");
        json.writeNumberField("weight", 1);
        json.writeEndObject();
        json.writeEndArray();
      }
      case EC2, SPOT -> writeMachineType(json, order);
    }
    json.writeObjectFieldStart("networkConfiguration");
    json.writeObjectFieldStart("awsvpcConfiguration");
    BatchFleet.texts(json, "subnets", place.subnets());
    BatchFleet.texts(json, "securityGroups", place.securityGroups());
    boolean fargate = capacity == Capacity.FARGATE || capacity == Capacity.FARGATE_SPOT;
    json.writeStringField("assignPublicIp", place.publicIp() && fargate ? "ENABLED" : "DISABLED");
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Machines come by the cluster's own strategy; a type that was asked for narrows it. */
  private static void writeMachineType(JsonGenerator json, Order order) throws IOException {
    if (order.instanceType() != null) {
      json.writeArrayFieldStart("placementConstraints");
      json.writeStartObject();
      json.writeStringField("type", "memberOf");
      json.writeStringField("expression", "attribute:ecs.instance-type == " + order.instanceType());
      json.writeEndObject();
      json.writeEndArray();
    }
  }

  private BackendException refused(Order order, int started, List<JsonAnswer> failures) {
    String reasons =
        failures.stream()
            .map(failure -> (failure.text("reason") + " " + failure.text("detail")).strip())
            .distinct()
            .collect(Collectors.joining("; "));
    boolean capacityLacks =
        reasons.contains("RESOURCE:")
            || reasons.toLowerCase(java.util.Locale.ROOT).contains("capacity");
    return new BackendException(
        "ECS started "
            + started
            + " of "
            + order.count()
            + " workers in "
            + cluster()
            + " for stage "
            + order.stage()
            + ": "
            + reasons
            + (capacityLacks
                ? ". There is no room for them now; they are asked for again."
                : ". Check the cluster and its capacity providers."),
        capacityLacks,
        null);
  }

  private String cluster() {
    return "cluster " + names.stack();
  }

  @Override
  public int stopAll(String reason) {
    List<String> tasks = tasks("", "RUNNING");
    tasks.forEach(task -> stop(task, reason));
    return tasks.size();
  }

  private void stop(String task, String reason) {
    JsonAnswer unused =
        ecs.call(
            "StopTask",
            "task " + task + " of " + cluster(),
            json -> {
              json.writeStringField("cluster", names.stack());
              json.writeStringField("task", task);
              json.writeStringField("reason", reason);
            });
  }

  /** A task that was told to stop is listed as stopped, and says itself how far it is. */
  @Override
  public int left() {
    long stopping =
        described(tasks("", "STOPPED")).stream()
            .filter(task -> !task.text("lastStatus").equals("STOPPED"))
            .count();
    return tasks("", "RUNNING").size() + (int) stopping;
  }
}
