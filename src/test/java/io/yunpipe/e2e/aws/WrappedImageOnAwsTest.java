package io.yunpipe.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.ConfigurationException;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import io.yunpipe.RunListener;
import io.yunpipe.RunState;
import io.yunpipe.e2e.images.Docker;
import io.yunpipe.e2e.images.WrappedMeasure;
import io.yunpipe.testkit.emulator.Moto;
import io.yunpipe.testkit.emulator.Registry;
import io.yunpipe.wrap.Wrapped;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A wrapped image in the containers of AWS Batch, and one that is not. */
@Tag("docker")
@Timeout(240)
@EnabledForJreRange(
    max = JRE.JAVA_17,
    disabledReason = "what runs in containers is the same whatever runs this")
class WrappedImageOnAwsTest {
  @TempDir Path folder;

  @Test
  void image_unwrappedIsRefused_wrappedRunsByItsDigest() throws Exception {
    try (Docker docker = WrappedMeasure.docker(folder);
        Registry registry = Registry.start(folder);
        Moto moto = Moto.start(folder, Containers.ofEmulator(folder))) {
      Containers.roleOfBatch(moto);
      Map<String, String> environment = moto.environment();
      System.setProperty("aws.accessKeyId", environment.get("AWS_ACCESS_KEY_ID"));
      System.setProperty("aws.secretAccessKey", environment.get("AWS_SECRET_ACCESS_KEY"));
      // On AWS the region's endpoints and the role of the job say this.
      Wrapped wrapped =
          WrappedMeasure.in(
              registry,
              docker,
              "ENV AWS_ENDPOINT_URL=" + moto.endpoint(),
              "ENV AWS_ACCESS_KEY_ID=test",
              "ENV AWS_SECRET_ACCESS_KEY=test");
      docker.made(wrapped.pinned());
      try (Pipeline pipeline = pipeline(moto, wrapped.base().replaceFirst("@.*", ""))) {
        assertThatThrownBy(pipeline::init)
            .isInstanceOf(ConfigurationException.class)
            .hasMessageContaining("has no worker in it")
            .hasMessageContaining("yunpipe wrap");
      }
      try (Pipeline pipeline = pipeline(moto, wrapped.image())) {
        pipeline.init();
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        ImageIO.write(
            new BufferedImage(7, 5, BufferedImage.TYPE_INT_RGB),
            "png",
            pictures.resolve("dot.png").toFile());
        Run run = pipeline.submit(pictures);
        assertThat(run.await(RunListener.none(), Duration.ofMinutes(2)).state())
            .as("%s", run.failed())
            .isEqualTo(RunState.SUCCEEDED);
        run.download(folder.resolve("results"));
        assertThat(folder.resolve("results/dot.png/measured.json"))
            .content()
            .contains("\"width\": 7, \"height\": 5");
        assertThat(moto.aws("batch", "describe-job-definitions")).contains(wrapped.pinned());
      }
    }
  }

  private Pipeline pipeline(Moto moto, String image) {
    return Pipeline.builder()
        .name("pictures")
        .backend("aws")
        .putSetting("yunpipe.aws.endpoint", moto.endpoint().toString())
        .putSetting("yunpipe.aws.region", moto.environment().get("AWS_REGION"))
        .putSetting("yunpipe.aws.programs", System.getProperty("yunpipe.programs.jar"))
        .stage(WrappedMeasure.algorithm(image))
        .build();
  }
}
