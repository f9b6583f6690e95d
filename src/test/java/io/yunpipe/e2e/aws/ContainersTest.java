package io.yunpipe.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.Algorithm;
import io.yunpipe.CleanUp;
import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineBuilder;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunOptions;
import io.yunpipe.RunState;
import io.yunpipe.RunStatus;
import io.yunpipe.SetUp;
import io.yunpipe.testkit.emulator.Moto;
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
 * The life of a pipeline on AWS with real containers: init makes the stack, a program submits and
 * AWS Batch starts workers, which are containers of the algorithm's image; a foreign client
 * uploads, S3's event wakes the router, a function in a container, which makes a run of it; park
 * and clean-up leave nothing.
 */
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "the programs run on the Java of their image, whatever runs this")
class ContainersTest {
  private static final String PIPELINE = "letters";
  private static final String STACK = "yunpipe-letters";

  @TempDir Path folder;

  private Path programs;
  private Containers containers;
  private Moto moto;

  @BeforeEach
  void start() throws Exception {
    programs = Path.of(System.getProperty("yunpipe.programs.jar"));
    assertThat(programs).exists();
    containers = Containers.withWorker(programs, folder);
    moto = Moto.start(folder, Containers.ofEmulator(folder));
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

  /** The life of a pipeline as docs/aws.md tells it. */
  @Test
  void pipeline_setUpByInit_runsInContainersOfBatchAndIsRemoved() throws Exception {
    Path inputs = Files.createDirectories(folder.resolve("in"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(inputs.resolve("f" + i), "n" + i);
    }
    Containers.roleOfBatch(moto);
    try (Pipeline pipeline = described().build()) {
      assertThat(pipeline.plan(Inputs.folder(inputs)).estimate().usd()).isPositive();
      assertThatThrownBy(() -> pipeline.submit(inputs)).hasMessageContaining("is not set up");
      assertThat(pipeline.preview().changes())
          .isNotEmpty()
          .allMatch(change -> change.action() == SetUp.Action.CREATE);
      pipeline.init();
      assertThat(pipeline.preview().changes()).isEmpty();

      Run run = pipeline.submit(Inputs.folder(inputs), RunOptions.DEFAULT.budget(1));
      RunStatus status = run.await(RunListener.none(), Duration.ofMinutes(2));
      assertThat(status.state()).as("%s", run.failed()).isEqualTo(RunState.SUCCEEDED);
      run.download(folder.resolve("results"));
      assertThat(folder.resolve("results/f2/out.txt")).hasContent("N2");
      assertThat(run.cost().usd()).isBetween(0.0, 1.0);

      // What the emulator leaves out of a stack's bucket.
      String bucket = STACK + "-123456789012-eu-west-1";
      moto.notify(bucket, STACK + "_-events");
      String inbox = "s3://" + bucket + "/inbox/letters/monday/";
      moto.aws("s3", "cp", inputs.resolve("f1").toString(), inbox + "b c.txt");
      String nothing = Files.writeString(folder.resolve("complete"), "").toString();
      moto.aws("s3", "cp", nothing, inbox + ".complete");
      Awaitility.await("the router makes a run of the upload")
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> pipeline.runs().size() == 2);
      Run uploaded = pipeline.attach(pipeline.runs().get(0).runId());
      assertThat(uploaded.await(RunListener.none(), Duration.ofMinutes(2)).state())
          .as("%s", uploaded.failed())
          .isEqualTo(RunState.SUCCEEDED);
      uploaded.download(folder.resolve("uploaded"));
      assertThat(folder.resolve("uploaded/b c.txt/out.txt")).hasContent("N1");

      pipeline.park();
      assertThatThrownBy(() -> pipeline.submit(inputs)).hasMessageContaining("is parked");
      assertThat(workers(bucket)).as("told to programs that are open").contains("/-parked");
      pipeline.init();
      assertThat(workers(bucket)).isEmpty();
      CleanUp end = pipeline.cleanUp(CleanUp.Mode.EMPTY);
      assertThat(end.removed()).anyMatch(line -> line.startsWith("stack " + STACK));
      assertThat(end.kept()).singleElement().asString().startsWith("stack yunpipe-bootstrap");
    }
  }

  /** Returns what programs that start workers tell each other. */
  private String workers(String bucket) throws Exception {
    return moto.aws(
            "s3api",
            "list-objects-v2",
            "--bucket",
            bucket,
            "--prefix",
            "workers/",
            "--query",
            "Contents[].Key || `[]`",
            "--output",
            "text")
        .strip();
  }

  private PipelineBuilder described() {
    return Pipeline.builder()
        .name(PIPELINE)
        .backend("aws")
        .putSetting("yunpipe.aws.endpoint", moto.endpoint().toString())
        .putSetting("yunpipe.aws.region", moto.environment().get("AWS_REGION"))
        .putSetting("yunpipe.aws.programs", programs.toString())
        .putSetting("yunpipe.aws.max-workers", "2")
        .stage(upper());
  }

  private Algorithm upper() {
    return Algorithm.builder("upper")
        .image(containers.worker())
        .argv(
            List.of(
                "sh", "-c", "tr a-z A-Z < \"$1\" > \"$2/out.txt\"", "upper", "$input", "$output"))
        .build();
  }
}
