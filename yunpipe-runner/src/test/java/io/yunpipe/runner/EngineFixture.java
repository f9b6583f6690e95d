package io.yunpipe.runner;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.yunpipe.spi.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Needs an engine and the image that YUNPIPE_TEST_IMAGE names: busybox alone is enough. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineFixture {
  static final String IMAGE =
      Optional.ofNullable(System.getenv("YUNPIPE_TEST_IMAGE")).orElse("yunpipe-test/busybox:1");

  @TempDir Path folder;
  private final List<String> derived = new ArrayList<>();
  JobFixture job;

  /** Returns the engine's name or program. */
  String engine() {
    return "auto";
  }

  /** Returns what YUNPIPE_REQUIRE calls the engine. */
  String word() {
    return "docker";
  }

  /** Returns the engine that runs containers as a user other than root, and its folder. */
  Mapped mapped() throws Exception {
    return new Mapped(engine(), folder);
  }

  /** Returns the change that gives an image a label; engines quote in ways of their own. */
  String label(String key, String value) {
    return "LABEL " + key + "='" + value + "'";
  }

  /**
   * An engine and where it can write.
   *
   * @param folder whose folders another user gets to
   */
  record Mapped(String engine, Path folder) {}

  @BeforeAll
  final void requireEngine() throws Exception {
    String missing;
    try {
      Tool.Result image =
          new ContainerEngine(engine()).run("image", "inspect", "--format", "{{.Id}}", IMAGE);
      missing = image.ok() ? "" : "no image " + IMAGE + ": " + image.lastLine();
    } catch (JobProblem problem) {
      missing = problem.reason();
    }
    if (!missing.isEmpty()) {
      String reason = "needs " + word() + " and a test image (YUNPIPE_TEST_IMAGE): " + missing;
      if (String.valueOf(System.getenv("YUNPIPE_REQUIRE")).contains(word())) {
        fail(reason);
      }
      abort(reason);
    }
  }

  @BeforeEach
  final void open() {
    job = fixture(folder, new TrialStore());
  }

  final JobFixture fixture(Path place, ObjectStore store) {
    JobFixture made = new JobFixture(place, store, JobFixture.SETTINGS.withEngine(engine()));
    made.image = IMAGE;
    return made;
  }

  @AfterEach
  final void close() throws Exception {
    job.close();
    for (String image : derived) {
      ask("rmi", "--force", image);
    }
    derived.clear();
  }

  final String ask(String... arguments) throws Exception {
    return new ContainerEngine(engine()).run(arguments).output();
  }

  /** Makes an image with another configuration; removed after the test. */
  final String derived(String... changes) throws Exception {
    String image = "yunpipe-test/derived:" + System.nanoTime();
    String container = ask("create", IMAGE, "true").strip();
    List<String> commit = new ArrayList<>(List.of("commit"));
    for (String change : changes) {
      commit.addAll(List.of("--change", change));
    }
    commit.addAll(List.of(container, image));
    ask(commit.toArray(String[]::new));
    ask("rm", "--force", container);
    derived.add(image);
    return image;
  }
}
