package io.yunpipe.aws;

import static org.junit.jupiter.api.Assertions.fail;

import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * LocalStack in a container, started once for the tests of this JVM where there is an engine and
 * the image; {@code .ci/localstack-image} makes one that cannot be pulled.
 */
public final class LocalStack {
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private LocalStack() {}

  private static final class Started {
    private static final LocalStackContainer CONTAINER = start();

    // Testcontainers stops it when this JVM ends.
    @SuppressWarnings("resource")
    private static LocalStackContainer start() {
      LocalStackContainer container =
          new LocalStackContainer(IMAGE)
              .withServices("s3", "sqs")
              .withImagePullPolicy(image -> false);
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
      container.start();
      return container;
    }
  }

  /** Returns where it is; skips the test where it cannot be. */
  public static URI endpoint() {
    String missing = missing();
    if (!missing.isEmpty()) {
      String reason = "needs a container engine and the image " + IMAGE + ": " + missing;
      if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains("localstack")) {
        fail(reason);
      }
      throw new TestAbortedException(reason);
    }
    return Started.CONTAINER.getEndpoint();
  }

  private static String missing() {
    try {
      DockerClientFactory docker = DockerClientFactory.instance();
      if (!docker.isDockerAvailable()) {
        return "no engine answers";
      }
      docker.client().inspectImageCmd(IMAGE.asCanonicalNameString()).exec();
      return "";
    } catch (NotFoundException e) {
      return "there is no such image";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
