package io.yunpipe.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.BackendSource;
import io.yunpipe.CleanUp;
import io.yunpipe.Cost;
import io.yunpipe.DeployedStage;
import io.yunpipe.Engine;
import io.yunpipe.Failure;
import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.JobResult;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunOptions;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.Stage;
import io.yunpipe.Workflow;
import io.yunpipe.aws.s3.S3Server;
import io.yunpipe.aws.sqs.SqsOptions;
import io.yunpipe.aws.sqs.SqsQueues;
import io.yunpipe.aws.sqs.SqsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Whole runs through servers of S3's and SQS's protocols in this JVM, with workers as threads. */
class AwsBackendTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final S3Server S3 = S3Server.inJvm();
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "aws.endpointUrlS3", S3.endpoint().toString(),
          "aws.endpointUrlSqs", SqsServer.endpoint().toString(),
          "aws.accessKeyId", S3.accessKey(),
          "aws.secretAccessKey", S3.secretKey());

  private final String name = "p" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir Path temp;

  private static String bucket;

  @BeforeAll
  static void surround() {
    PROPERTIES.forEach(System::setProperty);
    bucket = S3.newBucket();
  }

  @AfterAll
  static void restore() {
    PROPERTIES.keySet().forEach(System::clearProperty);
    S3.deleteBucket(bucket);
  }

  private static Algorithm shell(String name, String script) {
    return shellBuilder(name, script).build();
  }

  private static Algorithm.Builder shellBuilder(String name, String script) {
    return Algorithm.builder(name).argv(List.of("sh", "-c", script, "sh", "$input", "$output"));
  }

  private static Algorithm greeting() {
    return Algorithm.function(
        "greet",
        (in, out) ->
            out.write(
                "greeting.txt",
                ("hello " + Files.readString(in.path())).getBytes(StandardCharsets.UTF_8)));
  }

  private PipelineBuilder builder(Workflow workflow) {
    return Pipeline.builder()
        .name(name)
        .workflow(workflow)
        .putSetting("yunpipe.aws.bucket", bucket)
        .putSetting("yunpipe.aws.compute", "threads")
        .putSetting("yunpipe.aws.prefix", name)
        .putSetting("yunpipe.aws.cpus", "4");
  }

  private Pipeline pipeline(Workflow workflow) {
    return builder(workflow).backend("aws").build();
  }

  private Path files(int count) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("in"));
    for (int i = 0; i < count; i++) {
      Files.writeString(folder.resolve("f%03d.txt".formatted(i)), "n" + i + "\n");
    }
    return folder;
  }

  private static RunStatus finish(Run run) throws InterruptedException {
    RunStatus status = run.await(RunListener.none(), PATIENCE);
    assertThat(status.state().finished()).as("status %s", status).isTrue();
    return status;
  }

  @Test
  void budget_belowTheEstimate_isRefusedBeforeAnythingStarts() throws IOException {
    Inputs inputs = Inputs.folder(files(3));
    try (Pipeline pipeline = pipeline(threeStages())) {
      Cost estimate = pipeline.plan(inputs).estimate();
      assertThat(estimate.usd()).isPositive();
      assertThat(estimate.assumptions()).anyMatch(text -> text.startsWith("greet: 60 s a job"));
      RunOptions tight = RunOptions.DEFAULT.budget(estimate.usd() / 2);
      assertThatThrownBy(() -> pipeline.submit(inputs, tight))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("Nothing was submitted: the run is estimated at");
      assertThat(pipeline.runs()).isEmpty();
    }
  }

  @Test
  void deployed_isWhatTheLastInitLeft_alsoForOtherPrograms() {
    String image = "lab/count@sha256:" + "1".repeat(64);
    Workflow old = Workflow.singleRun(Algorithm.image("count", image, "count $input"));
    try (Pipeline pipeline =
        builder(old).putSetting("yunpipe.aws.compute", "external").backend("aws").build()) {
      assertThat(pipeline.deployed()).isEmpty();
      pipeline.init();
    }
    DeployedStage stage = new DeployedStage(name, "count", "count", Optional.of(image));
    try (Pipeline newer = pipeline(threeStages())) {
      assertThat(newer.deployed()).containsExactly(stage);
    }
    Map<String, String> settings =
        Map.of(
            "yunpipe.backend",
            "aws",
            "yunpipe.aws.bucket",
            bucket,
            "yunpipe.aws.prefix",
            name,
            "yunpipe.aws.compute",
            "external");
    assertThat(Engine.get().deployed(null, settings)).containsExactly(stage);
  }

  /** A function on each file, then a command on each, then one command on all. */
  private static Workflow threeStages() {
    return Workflow.of(
        List.of(
            Stage.builder(greeting()).build(),
            Stage.builder(shell("shout", "tr a-z A-Z < \"$1\" > \"$2\"/shout.txt"))
                .after("greet")
                .build(),
            Stage.builder(
                    shell("all", "find \"$1\" -type f -exec cat {} + | sort > \"$2\"/all.txt"))
                .after("shout")
                .gather()
                .build()));
  }

  private void assertThreeStagesRun(Pipeline pipeline, int count) throws Exception {
    Run run = pipeline.submit(files(count));
    assertThat(finish(run).state())
        .as("%s", run.failed().stream().limit(3).toList())
        .isEqualTo(RunState.SUCCEEDED);
    Path results = temp.resolve("results");
    run.download(results);
    try (Stream<Path> found = Files.walk(results)) {
      Path all = found.filter(file -> file.endsWith("all.txt")).findFirst().orElseThrow();
      assertThat(Files.readAllLines(all)).hasSize(count).contains("HELLO N0", "HELLO N1");
    }
    try (Pipeline second = pipeline(threeStages())) {
      Run attached = second.attach(run.id());
      assertThat(attached.status().state()).isEqualTo(RunState.SUCCEEDED);
      try (Stream<JobResult> jobs = attached.results()) {
        assertThat(jobs.count()).isPositive();
      }
      assertThat(second.runs()).extracting(RunStatus::runId).containsExactly(run.id());
    }
  }

  @Test
  void run_ofThreeStages_isGatheredDownloadedAndSeenByAnotherProgram() throws Exception {
    try (Pipeline pipeline = pipeline(threeStages())) {
      assertThreeStagesRun(pipeline, 200);
      CleanUp cleaned = pipeline.cleanUp(CleanUp.Mode.EMPTY);
      assertThat(cleaned.removed())
          .contains(
              "SQS queue yunpipe-" + name + "_greet__greet",
              "SQS queue yunpipe-" + name + "_all_dead");
      assertThat(queues().names("yunpipe-" + name)).isEmpty();
    }
  }

  @Test
  void run_overClientsOfTheProgram_works() throws Exception {
    try (S3Client s3 = S3.client(S3.endpoint());
        SqsClient sqs = SqsServer.client(SqsServer.endpoint())) {
      BackendSource source = Aws.with(s3, sqs);
      try (Pipeline pipeline = builder(threeStages()).backend(source).build()) {
        assertThreeStagesRun(pipeline, 10);
      }
      assertThat(sqs.listQueues().queueUrls()).as("the clients stay open").isNotEmpty();
    }
  }

  private static SqsQueues queues() {
    return SqsQueues.over(SqsServer.http(), SqsServer.endpoint(), SqsOptions.DEFAULT);
  }

  @Test
  void failedJobs_triedAgainByAnotherProgram_succeedOnceTheCauseIsGone() throws Exception {
    Path switched = temp.resolve("mended");
    Algorithm picky =
        shellBuilder(
                "picky",
                "grep -q n3 \"$1\" && [ ! -e '" + switched + "' ] && exit 7; cp \"$1\" \"$2\"")
            .retry(RetryPolicy.NONE)
            .build();
    String id;
    try (Pipeline pipeline = pipeline(Workflow.singleRun(picky))) {
      Run run = pipeline.submit(files(5));
      id = run.id();
      assertThat(finish(run).state()).isEqualTo(RunState.FAILED);
      assertThat(run.failed()).extracting(Failure::exitCode).containsExactly(7);
    }
    Files.createFile(switched);
    try (Pipeline pipeline = pipeline(Workflow.singleRun(picky))) {
      Run again = pipeline.attach(id).retryFailed();
      assertThat(finish(again).state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(again.download(temp.resolve("results"))).isEqualTo(5);
    }
  }

  @Test
  void run_cancelledByAnotherProgram_ends() throws Exception {
    Path started = temp.resolve("started");
    Algorithm slow = shell("slow", "touch '" + started + "'; sleep 60");
    try (Pipeline pipeline = pipeline(Workflow.singleRun(slow));
        Pipeline other = pipeline(Workflow.singleRun(slow))) {
      Run run = pipeline.submit(files(2));
      await().atMost(PATIENCE).until(() -> Files.exists(started));
      other.attach(run.id()).cancel();
      assertThat(finish(run).state()).isEqualTo(RunState.CANCELLED);
    }
  }

  @Test
  void init_ofABucketThatIsMissing_saysSo() {
    try (Pipeline pipeline =
        builder(Workflow.singleRun(greeting()))
            .backend("aws")
            .putSetting("yunpipe.aws.bucket", "no-such-bucket")
            .putSetting("yunpipe.aws.compute", "threads")
            .build()) {
      assertThatThrownBy(pipeline::init)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("no-such-bucket")
          .hasMessageContaining("NoSuchBucket");
    }
  }

  @Test
  void init_thatMayNotMakeQueues_namesTheMissingOne() {
    try (Pipeline pipeline =
        builder(Workflow.singleRun(greeting()))
            .backend("aws")
            .putSetting("yunpipe.aws.create-queues", "false")
            .build()) {
      assertThatThrownBy(pipeline::init)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(
              "There is no SQS queue yunpipe-" + name + "_greet__greet for stage greet");
    }
  }
}
