package io.yunpipe.e2e.images;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.yunpipe.testkit.emulator.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The container engine of this machine; removes what tests made in it when closed. */
public final class Docker implements AutoCloseable {
  /** Busybox alone is enough. */
  public static final String BUSYBOX =
      Optional.ofNullable(System.getenv("YUNPIPE_TEST_IMAGE")).orElse("yunpipe-test/busybox:1");

  private final Path folder;
  private final List<String> made = new ArrayList<>();

  private Docker(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the engine; skips the test where it or an image is not there, or fails it where
   * YUNPIPE_REQUIRE says that it must be.
   *
   * @param images what the test needs, which {@code .ci/run} makes
   */
  public static Docker with(Path folder, String... images) throws InterruptedException {
    Docker docker = new Docker(folder);
    for (String image : images) {
      String missing = "";
      try {
        docker.run("image", "inspect", "--format", "{{.Id}}", image);
      } catch (IOException | IllegalStateException e) {
        missing = String.valueOf(e.getMessage());
      }
      if (!missing.isEmpty()) {
        String reason = "needs docker and the image " + image + " (.ci/run): " + missing;
        if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains("docker")) {
          fail(reason);
        }
        abort(reason);
      }
    }
    return docker;
  }

  /** Runs a command of the engine and returns what it said. */
  public String run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(Arrays.asList(words));
    Path said = Files.createTempFile(folder, "docker", ".txt");
    try (Child child = Child.start(said, Map.of(), command)) {
      if (child.exit(120) != 0) {
        throw new IllegalStateException(command + ": " + child.text());
      }
      return child.text().strip();
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /** Makes an image from another with other settings, as {@code docker commit --change} takes. */
  public String derive(String name, String base, String... changes)
      throws IOException, InterruptedException {
    String container = run("create", base, "none");
    List<String> commit = new ArrayList<>(List.of("commit"));
    for (String change : changes) {
      commit.addAll(List.of("--change", change));
    }
    commit.addAll(List.of(container, name));
    run(commit.toArray(String[]::new));
    run("rm", "--force", container);
    return made(name);
  }

  /** Notes an image to be removed at the end. */
  public String made(String image) {
    made.add(image);
    return image;
  }

  @Override
  public void close() {
    for (String image : made) {
      try {
        run("rmi", "--force", image);
      } catch (IOException | IllegalStateException e) {
        // A test may have removed it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
