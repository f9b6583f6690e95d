package io.yunpipe.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Algorithm;
import io.yunpipe.CleanUp;
import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.Resources;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunOptions;
import io.yunpipe.RunState;
import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole pipeline in an account of AWS, which costs some cents: set up, run, parked, set up again
 * and removed. {@code mvn verify -Paws -Dyunpipe.aws.image=…} with the usual region and
 * credentials; the image has the worker and a shell in it. Everything made carries the tag {@code
 * yunpipe-check=true}.
 */
@EnabledIfSystemProperty(
    named = "yunpipe.account",
    matches = "true",
    disabledReason = "costs money in an account: mvn verify -Paws")
class AccountIT {
  private static final double BUDGET_USD = 1;
  private static final Duration PATIENCE = Duration.ofMinutes(25);

  @TempDir private Path folder;

  @Test
  void pipeline_inAnAccount_isSetUpRunsAndIsRemoved() throws Exception {
    Path inputs = Files.createDirectories(folder.resolve("in"));
    for (int i = 0; i < 10; i++) {
      Files.writeString(inputs.resolve("f" + i), "n" + i);
    }
    try (Pipeline pipeline = open()) {
      try {
        assertThat(pipeline.preview().changes())
            .isNotEmpty()
            .allMatch(change -> change.action() == SetUp.Action.CREATE);
        pipeline.init(told());
        assertThat(pipeline.preview().changes()).isEmpty();

        Run run =
            pipeline.submit(
                Inputs.folder(inputs),
                RunOptions.DEFAULT.budget(BUDGET_USD).deadline(Duration.ofMinutes(30)));
        assertThat(run.await(RunListener.none(), PATIENCE).state()).isEqualTo(RunState.SUCCEEDED);
        run.download(folder.resolve("out"));
        assertThat(folder.resolve("out/f7/out.txt")).hasContent("N7");
        assertThat(run.cost().usd()).isBetween(0.0, BUDGET_USD);

        pipeline.park(told());
        pipeline.init(told());
      } finally {
        CleanUp end = pipeline.cleanUp(CleanUp.Mode.EMPTY, told());
        assertThat(end.kept()).allMatch(kept -> kept.contains("yunpipe-bootstrap"));
      }
    }
  }

  private static Pipeline open() {
    String image =
        Objects.requireNonNull(
            System.getProperty("yunpipe.aws.image"), "-Dyunpipe.aws.image=REFERENCE is missing");
    return Pipeline.builder()
        .name("check-" + UUID.randomUUID().toString().substring(0, 8))
        .backend("aws")
        .putSetting("yunpipe.aws.capacity", "fargate-spot")
        .putSetting("yunpipe.aws.max-workers", "2")
        .putSetting("yunpipe.aws.max-life", "30m")
        .putSetting("yunpipe.aws.log-days", "1")
        .putSetting("yunpipe.aws.tags", "yunpipe-check=true")
        .stage(
            Algorithm.builder("upper")
                .image(image)
                .argv(
                    List.of(
                        "sh", "-c", "tr a-z A-Z < $1 > $2/out.txt", "upper", "$input", "$output"))
                .resources(Resources.of(1, 2048))
                .timeout(Duration.ofMinutes(5))
                .build())
        .build();
  }

  private static SetUpListener told() {
    return new SetUpListener() {
      @Override
      public void step(String what) {
        System.err.println(what);
      }
    };
  }
}
