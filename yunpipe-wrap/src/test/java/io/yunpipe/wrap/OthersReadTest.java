package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.yunpipe.testkit.emulator.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines and tools of others take what is made here, and the Java in it runs. */
class OthersReadTest {
  private static final String NAME =
      "yunpipe-test/wrap-" + Long.toHexString(ThreadLocalRandom.current().nextLong());

  @TempDir static Path folder;

  private static TestRegistry registry;
  private static String base;

  @BeforeAll
  static void start() throws IOException {
    registry = TestRegistry.start(folder.resolve("registry"));
    base = registry.image("system:1");
    TestImage image = TestImage.docker().layer(misleading());
    image.config().remove("User");
    image.writeTo(Wraps.target(base));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private static void needDocker() throws InterruptedException {
    try {
      Commands.run(folder, "docker", "version", "--format", "{{.Server.Version}}");
    } catch (IOException | IllegalStateException e) {
      String reason = "needs docker: " + e.getMessage();
      if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains("docker")) {
        fail(reason);
      }
      abort(reason);
    }
  }

  private static String skopeo() {
    return Needs.program(
            "skopeo",
            "YUNPIPE_TEST_SKOPEO",
            "skopeo",
            "apt-get install --no-install-recommends skopeo")
        .toString();
  }

  /** As images have them that bring libraries of their own, which our Java must not take. */
  private static TestLayer misleading() throws IOException {
    TestLayer layer = SystemBase.layer();
    for (String name :
        List.of("libjli.so", "libjvm.so", "libjava.so", "libz.so.1", "libstdc++.so.6")) {
      layer.file("misleading/" + name, "no library");
    }
    return layer;
  }

  private static String java(String image) throws IOException, InterruptedException {
    return Commands.run(
        folder,
        "docker",
        "run",
        "--rm",
        "--network",
        "none",
        "--user",
        "1234",
        "--env",
        "LD_LIBRARY_PATH=/misleading",
        "--entrypoint",
        LayerWriter.JAVA,
        image,
        "-version");
  }

  @Test
  void image_inARegistry_isPulledByDockerAndItsJavaRuns() throws IOException, InterruptedException {
    needDocker();
    Wrapped wrapped = Wraps.wrapper(base).to(registry.image("wrapped:1"));
    try {
      String said = Commands.run(folder, "docker", "pull", wrapped.pinned());

      assertThat(said).contains(wrapped.digest());
      assertThat(java(wrapped.pinned()))
          .contains(Runtime.version().toString().replaceFirst("\\+.*", ""));
    } finally {
      Commands.run(folder, "docker", "rmi", "--force", wrapped.pinned());
    }
  }

  @Test
  void image_ofTheEngine_isWrappedIntoTheEngine() throws IOException, InterruptedException {
    needDocker();
    String archive = "tar:" + folder.resolve("system.tar");
    TestImage image = TestImage.oci().layer(misleading());
    image.writeTo(
        new Sources(Logins.ofUser(java.util.Map.of(), folder))
            .target(Source.of("engine:" + NAME + ":base"), "", WrapListener.none()));
    try {
      Wrapped wrapped = Wraps.wrapper("engine:" + NAME + ":base").to("engine:" + NAME + ":wrapped");
      ImageView view = Images.look("engine:" + NAME + ":wrapped");

      assertThat(wrapped.bytesSent()).isPositive();
      assertThat(java(NAME + ":wrapped")).contains("OpenJDK");
      assertThat(view.isWrapped()).isTrue();
      assertThat(view.config().entryPoint()).startsWith(LayerWriter.JAVA);
      assertThat(view.platforms()).containsExactly(Platform.linux(Index.architecture()));
      assertThat(view.has("/opt/yunpipe/jre/lib/modules")).isTrue();
      assertThat(view.has("/opt/yunpipe/other")).isFalse();
      assertThat(Images.find("engine:" + NAME + ":none")).isEmpty();

      Wraps.wrapper("engine:" + NAME + ":base").to(archive);
      assertThat(
              Commands.run(folder, "docker", "load", "-i", folder.resolve("system.tar").toString()))
          .contains("cells:latest");
      Wrapped pushed = Wraps.wrapper("engine:" + NAME + ":base").to(registry.image("pushed:1"));
      assertThat(Commands.run(folder, "docker", "pull", pushed.pinned())).contains(pushed.digest());
      Commands.run(folder, "docker", "rmi", "--force", pushed.pinned(), "cells:latest");
    } finally {
      Commands.run(folder, "docker", "rmi", "--force", NAME + ":base", NAME + ":wrapped");
    }
  }

  @Test
  void image_ofEveryKind_isReadBySkopeo() throws IOException, InterruptedException {
    String skopeo = skopeo();
    Wrapped pushed = Wraps.wrapper(base).to(registry.image("skopeo:1"));
    Wraps.wrapper(base).to("oci:" + folder.resolve("layout") + ":1");
    Wraps.wrapper(base).to("tar:" + folder.resolve("skopeo.tar"));

    JsonNode seen =
        Documents.JSON.readTree(
            Commands.run(
                folder,
                skopeo,
                "inspect",
                "--tls-verify=false",
                "docker://" + registry.image("skopeo:1")));
    assertThat(seen.path("Digest").asText()).isEqualTo(pushed.digest());
    assertThat(seen.path("Labels").path(Labels.ALGORITHM).asText()).isEqualTo("cells");
    // A copy reads and checks every blob.
    Commands.run(
        folder,
        skopeo,
        "--insecure-policy",
        "copy",
        "--src-tls-verify=false",
        "docker://" + registry.image("skopeo:1"),
        "oci:" + folder.resolve("copied") + ":1");
    Commands.run(
        folder,
        skopeo,
        "--insecure-policy",
        "copy",
        "oci:" + folder.resolve("layout") + ":1",
        "dir:" + folder.resolve("from-layout"));
    Commands.run(
        folder,
        skopeo,
        "--insecure-policy",
        "copy",
        "docker-archive:" + folder.resolve("skopeo.tar"),
        "dir:" + folder.resolve("from-archive"));
    assertThat(Images.look("oci:" + folder.resolve("copied") + ":1").isWrapped()).isTrue();
  }
}
