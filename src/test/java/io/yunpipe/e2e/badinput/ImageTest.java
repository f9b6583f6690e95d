package io.yunpipe.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.Algorithm;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ImageTest {
  @TempDir Path folder;

  @Test
  void image_thatIsTruncated_failsWithItsReasonAndTheOthersFinish() throws Exception {
    Path images =
        Path.of(System.getProperty("yunpipe.root", "../.."))
            .toAbsolutePath()
            .normalize()
            .resolveSibling("shared/data/images");
    assumeTrue(
        Files.exists(images.resolve("truncated.jpg")), "needs the shared images in " + images);
    Lab lab = new Lab(folder);
    Files.createDirectories(lab.inputs);
    for (String name : new String[] {"truncated.jpg", "camera.png", "cell.png"}) {
      Files.copy(images.resolve(name), lab.inputs.resolve(name));
    }
    Algorithm size =
        Algorithm.function(
            "size",
            (in, out) -> {
              java.awt.image.BufferedImage image = javax.imageio.ImageIO.read(in.path().toFile());
              if (image == null) {
                throw new IOException("no image format that Java reads");
              }
              out.write("size.txt", (image.getWidth() + "\n").getBytes(StandardCharsets.UTF_8));
            });
    try (Pipeline pipeline = lab.pipeline().stage(size).build()) {
      Run run = pipeline.submit(lab.inputs);
      Lab.assertCounts(Lab.finish(run), 2, 1);
      assertThat(Lab.reasons(run)).containsOnlyKeys("truncated.jpg");
      assertThat(Lab.reasons(run).get("truncated.jpg"))
          .matches("javax\\.imageio\\.IIOException: .+"); // Java's own words differ by version
      assertThat(lab.download(run)).containsOnlyKeys("camera.png/size.txt", "cell.png/size.txt");
    }
    lab.assertNothingLeftOver();
  }
}
