package io.yunpipe.e2e.images;

import io.yunpipe.Algorithm;
import io.yunpipe.testkit.emulator.Registry;
import io.yunpipe.wrap.Wrapped;
import io.yunpipe.wrap.Wrapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The Python image of {@code .ci/test-images} in a registry, wrapped there. */
public final class WrappedMeasure {
  private static final String BASE = "yunpipe-test/python:1";

  private WrappedMeasure() {}

  /** Returns the engine; skips the test where it or the image is not there. */
  public static Docker docker(Path folder) throws InterruptedException {
    return Docker.with(folder, BASE);
  }

  /**
   * Pushes the image and wraps it as {@code lab/measure:1.0}.
   *
   * @param changes of the image, as {@code docker commit --change} takes
   */
  public static Wrapped in(Registry registry, Docker docker, String... changes)
      throws IOException, InterruptedException {
    String base = registry.host() + "/lab/measure-base:1";
    List<String> all = new ArrayList<>(List.of("CMD [\"/data/in\", \"/data/out\"]"));
    all.addAll(Arrays.asList(changes));
    docker.derive(base, BASE, all.toArray(String[]::new));
    docker.run("push", base);
    return Wrapper.wrap(algorithm(base))
        .version("1.0")
        .runner(Path.of(System.getProperty("yunpipe.programs.jar")))
        .to(registry.host() + "/lab/measure:1.0");
  }

  /** Returns the algorithm, which is the image's own entry point. */
  public static Algorithm algorithm(String image) {
    return Algorithm.builder("measure")
        .image(image)
        .inputPath("/data/in")
        .outputPath("/data/out")
        .build();
  }
}
