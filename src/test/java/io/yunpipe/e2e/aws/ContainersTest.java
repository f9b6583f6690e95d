package io.yunpipe.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.testkit.emulator.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole path with real containers: a foreign client uploads, S3's event wakes the router, a
 * function in a container; it asks AWS Batch for workers, which are containers of the algorithm's
 * image; the committed results are downloaded. No program of ours runs but those in containers.
 */
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "the programs run on the Java of their image, whatever runs this")
class ContainersTest {
  private static final String BUCKET = "lab";
  private static final String PIPELINE = "letters";
  private static final String STACK = "yunpipe-letters";
  private static final String ROLE = "arn:aws:iam::123456789012:role/any";
  private static final String QUEUES = "arn:aws:sqs:eu-west-1:123456789012:";

  @TempDir Path folder;

  private Path programs;
  private Containers containers;
  private Moto moto;

  @BeforeEach
  void start() throws Exception {
    programs = Path.of(System.getProperty("yunpipe.programs.jar"));
    assertThat(programs).exists();
    containers = Containers.withWorker(programs, folder);
    moto = Moto.start(folder, Containers.ofEmulator());
    System.setProperty("aws.accessKeyId", moto.environment().get("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", moto.environment().get("AWS_SECRET_ACCESS_KEY"));
  }

  @AfterEach
  void stop() throws Exception {
    if (moto != null) {
      moto.close();
    }
    if (containers != null) {
      containers.close();
    }
  }

  @Test
  void files_uploadedByAForeignClient_areProcessedByContainersOfBatch() throws Exception {
    moto.bucketWithEvents(BUCKET, STACK + "_-events");
    try (Pipeline pipeline = open()) {
      pipeline.init();
      batch();
      router();
      for (String name : List.of("a.txt", "b c.txt", "d.txt")) {
        Path file = Files.createDirectories(folder.resolve("in")).resolve(name);
        Files.writeString(file, "text of " + name + "\n");
      }
      moto.aws("s3", "cp", "--recursive", folder.resolve("in").toString(), inbox());
      Path nothing = Files.writeString(folder.resolve("complete"), "");
      moto.aws("s3", "cp", nothing.toString(), inbox() + ".complete");
      Run run = finished(pipeline);
      assertThat(run.status().state()).as("%s", run.failed()).isEqualTo(RunState.SUCCEEDED);
      run.download(folder.resolve("results"));
      assertThat(folder.resolve("results/b c.txt/out.txt")).hasContent("TEXT OF B C.TXT\n");
      assertThat(folder.resolve("results/d.txt/out.txt")).hasContent("TEXT OF D.TXT\n");
      assertThat(workers("RUNNING", "SUCCEEDED")).as("containers that Batch started").isNotEmpty();
    }
    Awaitility.await("workers that find nothing end by themselves")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(workers("SUCCEEDED")).isNotEmpty());
    assertThat(workers("FAILED", "SUBMITTED", "RUNNABLE", "STARTING", "RUNNING")).isEmpty();
  }

  private Pipeline open() {
    return Pipeline.builder()
        .name(PIPELINE)
        .backend("aws")
        .putSetting("yunpipe.aws.bucket", BUCKET)
        .putSetting("yunpipe.aws.endpoint", moto.endpoint().toString())
        .putSetting("yunpipe.aws.region", moto.environment().get("AWS_REGION"))
        .putSetting("yunpipe.aws.compute", "external")
        .stage(
            Algorithm.builder("upper")
                .image(containers.worker())
                .argv(
                    List.of(
                        "sh",
                        "-c",
                        "tr a-z A-Z < \"$1\" > \"$2/out.txt\"",
                        "upper",
                        "$input",
                        "$output"))
                .build())
        .build();
  }

  /** Makes what a stack has of AWS Batch. */
  private void batch() throws Exception {
    moto.aws("iam", "create-role", "--role-name", "any", "--assume-role-policy-document", "{}");
    moto.aws(
        "batch",
        "create-compute-environment",
        "--state",
        "ENABLED",
        "--compute-environment-name",
        "workers",
        "--type",
        "UNMANAGED",
        "--service-role",
        ROLE);
    moto.aws(
        "batch",
        "create-job-queue",
        "--state",
        "ENABLED",
        "--job-queue-name",
        STACK,
        "--priority",
        "1",
        "--compute-environment-order",
        "order=1,computeEnvironment=workers");
    moto.aws(
        "batch",
        "register-job-definition",
        "--job-definition-name",
        STACK + "_upper",
        "--type",
        "container",
        "--container-properties",
        """
        {"image": "%s",
         "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
         "environment": [
           {"name": "YUNPIPE_PIPELINE", "value": "%s"}, {"name": "YUNPIPE_STAGE", "value": "upper"},
           {"name": "YUNPIPE_AWS_BUCKET", "value": "%s"},
           {"name": "YUNPIPE_AWS_REGION", "value": "eu-west-1"},
           {"name": "YUNPIPE_AWS_COMPUTE", "value": "external"},
           {"name": "YUNPIPE_INSIDE", "value": "true"}, {"name": "YUNPIPE_IDLE", "value": "3s"}]}
        """
            .formatted(containers.worker(), PIPELINE, BUCKET));
  }

  /** Makes the router, which the queue of events calls. */
  private void router() throws Exception {
    moto.aws(
        "lambda",
        "create-function",
        "--function-name",
        "router",
        "--runtime",
        "java21",
        "--role",
        ROLE,
        "--handler",
        "io.yunpipe.lambda.RouterHandler",
        "--zip-file",
        "fileb://" + programs,
        "--memory-size",
        "1024",
        "--timeout",
        "180",
        "--environment",
        "Variables={YUNPIPE_AWS_BUCKET="
            + BUCKET
            + ",YUNPIPE_INGRESS="
            + PIPELINE
            + "/-events,YUNPIPE_AWS_COMPUTE=batch}");
    moto.aws(
        "lambda",
        "create-event-source-mapping",
        "--function-name",
        "router",
        "--event-source-arn",
        QUEUES + STACK + "_-events",
        "--batch-size",
        "10");
  }

  private static String inbox() {
    return "s3://" + BUCKET + "/inbox/" + PIPELINE + "/monday/";
  }

  /** Ticks as the schedule would, until the run has ended. */
  private Run finished(Pipeline pipeline) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(6))
        .untilAsserted(
            () -> {
              List<RunStatus> runs = pipeline.runs();
              if (runs.stream().noneMatch(run -> run.state().finished())) {
                moto.aws(
                    "lambda",
                    "invoke",
                    "--function-name",
                    "router",
                    "--payload",
                    "{\"yunpipe\": \"tick\"}",
                    folder.resolve("tick.json").toString());
              }
              assertThat(runs).hasSize(1).allMatch(run -> run.state().finished());
            });
    return pipeline.attach(pipeline.runs().get(0).runId());
  }

  private List<String> workers(String... states) throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    for (String state : states) {
      all.append(
          moto.aws(
              "batch",
              "list-jobs",
              "--job-queue",
              STACK,
              "--job-status",
              state,
              "--output",
              "text",
              "--query",
              "jobSummaryList[].jobId"));
    }
    return all.toString().lines().filter(line -> !line.isBlank()).toList();
  }
}
