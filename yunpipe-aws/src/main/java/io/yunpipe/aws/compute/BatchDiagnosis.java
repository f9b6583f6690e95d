package io.yunpipe.aws.compute;

import io.yunpipe.aws.http.JsonAnswer;
import io.yunpipe.aws.http.JsonService;
import io.yunpipe.aws.template.StackNames;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds why jobs of AWS Batch stay in RUNNABLE. Batch tells at the job at the head of the queue
 * once it has seen that nothing can run it; a queue or compute environment that is broken is asked
 * for after a while in which nothing ran.
 */
final class BatchDiagnosis {
  /** So long nobody asks more than what jobs tell by themselves. */
  static final Duration CALM = Duration.ofMinutes(2);

  /** Machines of EC2 take some minutes to start. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

  static {
    REMEDIES.put(
        "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
        "AWS has none of these machines to spare now. Wait, or allow more types"
            + " (yunpipe.aws.instance-types), more zones (yunpipe.aws.subnets), or another"
            + " yunpipe.aws.capacity, then init again.");
    REMEDIES.put(
        "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
        "A job needs more cores than the compute environment may have. Raise"
            + " yunpipe.aws.max-workers, or ask for less per job, then init again.");
    REMEDIES.put(
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
        "No machine type of the compute environment is large enough for a job. Name a larger one"
            + " (yunpipe.aws.instance-types), or ask for less per job, then init again.");
    REMEDIES.put(
        "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
        "The role of the compute environment lacks rights. Run init again; if that does not help,"
            + " an administrator must look at the role and at the account's policies.");
    REMEDIES.put(
        "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED",
        "The machine type does not exist with this image, network or zone. Name another one"
            + " (yunpipe.aws.instance-types), then init again.");
    REMEDIES.put(
        "CAPACITY:",
        "Wait, or change yunpipe.aws.instance-types, subnets or capacity, then init again.");
    REMEDIES.put("MISCONFIGURATION:", "Correct the settings yunpipe.aws, then init again.");
    REMEDIES.put("ACTION_REQUIRED", "What Batch says must be put right in the account.");
    REMEDIES.put(
        "UNDETERMINED",
        "Batch does not know why. Look at its queue in the console, and at the account's quotas of"
            + " cores.");
  }

  private final JsonService batch;
  private final StackNames names;
  private final Clock clock;

  BatchDiagnosis(JsonService batch, StackNames names, Clock clock) {
    this.batch = batch;
    this.names = names;
    this.clock = clock;
  }

  /**
   * Returns why workers do not come to run.
   *
   * @param running how many do
   * @param jobs the jobs of a stage
   */
  Optional<String> problem(int running, List<BatchJob> jobs) {
    List<BatchJob> waiting = jobs.stream().filter(job -> job.starting() > 0).toList();
    Optional<String> told =
        waiting.stream().flatMap(job -> stuck(job.id(), job.reason()).stream()).findFirst();
    if (told.isPresent() || running > 0) {
      return told;
    }
    Optional<BatchJob> old = waiting.stream().filter(job -> olderThan(CALM, job)).findFirst();
    return old.flatMap(job -> ofQueue())
        .or(() -> old.flatMap(this::ofChildren))
        .or(() -> old.filter(job -> olderThan(PATIENCE, job)).map(this::unknown));
  }

  private boolean olderThan(Duration time, BatchJob job) {
    return job.created() < clock.millis() - time.toMillis();
  }

  private static Optional<String> stuck(String job, String reason) {
    return REMEDIES.entrySet().stream()
        .filter(known -> reason.startsWith(known.getKey()))
        .findFirst()
        .map(known -> "AWS Batch cannot run job " + job + ": " + reason + ". " + known.getValue());
  }

  private Optional<String> ofQueue() {
    for (JsonAnswer queue :
        batch
            .call(
                "DescribeJobQueues",
                "job queue " + names.stack(),
                json -> BatchFleet.texts(json, "jobQueues", List.of(names.stack())))
            .objects("jobQueues")) {
      Optional<String> problem =
          broken("Job queue " + names.stack(), queue).or(() -> ofEnvironments(queue));
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private Optional<String> ofEnvironments(JsonAnswer queue) {
    List<String> arns =
        queue.objects("computeEnvironmentOrder").stream()
            .map(place -> place.text("computeEnvironment"))
            .toList();
    return batch
        .call(
            "DescribeComputeEnvironments",
            "compute environments of " + names.stack(),
            json -> BatchFleet.texts(json, "computeEnvironments", arns))
        .objects("computeEnvironments")
        .stream()
        .flatMap(
            environment ->
                broken(
                    "Compute environment " + environment.text("computeEnvironmentName"),
                    environment)
                    .stream())
        .findFirst();
  }

  private static Optional<String> broken(String what, JsonAnswer is) {
    if (is.text("state").equals("DISABLED")) {
      return Optional.of(what + " is disabled, as after park. Run init to go on.");
    }
    return is.text("status").equals("INVALID")
        ? Optional.of(
            what
                + " is invalid: "
                + is.text("statusReason")
                + ". Correct what it says and run init again.")
        : Optional.empty();
  }

  /** Of an array the reason may be told at the child that is at the queue's head. */
  private Optional<String> ofChildren(BatchJob job) {
    if (!job.array()) {
      return Optional.empty();
    }
    return batch
        .call(
            "ListJobs",
            "array job " + job.id(),
            json -> {
              json.writeStringField("arrayJobId", job.id());
              json.writeStringField("jobStatus", "RUNNABLE");
            })
        .objects("jobSummaryList")
        .stream()
        .flatMap(child -> stuck(child.text("jobId"), child.text("statusReason")).stream())
        .findFirst();
  }

  /**
   * Returns what Batch says of the newest job of a name that failed. A worker ends well whatever
   * became of its jobs, so one that failed was none, or could not work.
   */
  Optional<String> lastEnd(String name) {
    // Whatever is named so, newest first.
    return batch
        .call(
            "ListJobs",
            "job queue " + names.stack(),
            json -> {
              json.writeStringField("jobQueue", names.stack());
              json.writeArrayFieldStart("filters");
              json.writeStartObject();
              json.writeStringField("name", "JOB_NAME");
              BatchFleet.texts(json, "values", List.of(name));
              json.writeEndObject();
              json.writeEndArray();
            })
        .objects("jobSummaryList")
        .stream()
        .filter(job -> job.text("status").equals("FAILED"))
        .findFirst()
        .map(job -> failedChild(job).orElse(job))
        .map(
            job ->
                "AWS Batch says of job "
                    + job.text("jobId")
                    + ": "
                    + words(job)
                    + ". Check that the image is there and has the worker, that the subnets reach"
                    + " its registry, S3 and SQS, and look at the worker's lines in the stack's log"
                    + " group");
  }

  /** An array says only that a child of it failed. */
  private Optional<JsonAnswer> failedChild(JsonAnswer job) {
    return job.object("arrayProperties").whole("size") == 0
        ? Optional.empty()
        : batch
            .call(
                "ListJobs",
                "array job " + job.text("jobId"),
                json -> {
                  json.writeStringField("arrayJobId", job.text("jobId"));
                  json.writeStringField("jobStatus", "FAILED");
                })
            .objects("jobSummaryList")
            .stream()
            .findFirst();
  }

  private static String words(JsonAnswer job) {
    JsonAnswer container = job.object("container");
    String code = container.text("exitCode");
    String all =
        Stream.of(
                job.text("statusReason"),
                container.text("reason"),
                code.isEmpty() ? "" : "exit code " + code)
            .filter(said -> !said.isEmpty())
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "it failed" : all;
  }

  private String unknown(BatchJob job) {
    return "Job "
        + job.id()
        + " of AWS Batch has waited for "
        + Duration.ofMillis(clock.millis() - job.created()).toMinutes()
        + " minutes without a place to run"
        + (job.reason().isEmpty() ? "" : " (" + job.reason() + ")")
        + ". Look whether the account's quota of cores is used up (Service Quotas, Fargate or EC2),"
        + " and whether the subnets reach ECS and the image's registry.";
  }
}
