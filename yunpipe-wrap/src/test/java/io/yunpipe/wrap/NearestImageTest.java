package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which image is meant where an engine has one of the same name. */
class NearestImageTest {
  private static final String ID = "sha256:" + "1d".repeat(32);
  private static final String UNKNOWN = "sha256:" + "0f".repeat(32);

  @TempDir static Path shared;

  private static TestRegistry registry;
  private static String there;

  @TempDir Path folder;
  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void start() {
    registry = TestRegistry.start(shared.resolve("registry"));
    there =
        TestImage.oci().layer(TestLayer.glibc()).writeTo(Wraps.target(registry.image("lab/a:1")));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  /** An engine that says the same whatever it is asked. */
  private EngineProgram engine(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("docker"), "#!/bin/sh\n" + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return new EngineProgram(program.toString(), Duration.ofSeconds(10));
  }

  private EngineProgram having(String... repoDigests) throws IOException {
    return engine(
        """
        cat <<'END'
        [{"Id": "%s", "Os": "linux", "Architecture": "amd64", "RepoDigests": %s, "Config": {}}]
        END
        """
            .formatted(ID, WrappedConfig.texts(List.of(repoDigests))));
  }

  private static String digest(Optional<ImageView> found) {
    return found.orElseThrow().digest();
  }

  private Optional<ImageView> find(String image, EngineProgram engine) {
    Sources sources = new Sources(new Logins(List.of(), List.of()));
    return new NearestImage(image, sources, Optional.ofNullable(engine), notes::add).find();
  }

  @Test
  void image_builtHere_countsBeforeTheRegistrys() throws IOException {
    String image = registry.image("lab/a:1");

    assertThat(digest(find(image, having()))).isEqualTo(ID);
    assertThat(find(image, having()).orElseThrow().source()).isEqualTo("engine:" + image);
    assertThat(digest(find(image, having("<none>@" + UNKNOWN)))).isEqualTo(ID);
    assertThat(digest(find(image, having("other.example.org/lab/a@" + there)))).isEqualTo(ID);
  }

  @Test
  void image_builtHere_needsNoRegistry() throws IOException {
    assertThat(digest(find("127.0.0.1:1/lab/a:1", having()))).isEqualTo(ID);
    assertThat(digest(find("short", having("localhost/short@" + UNKNOWN)))).isEqualTo(ID);
    assertThat(notes).isEmpty();
  }

  @Test
  void image_pulled_isWhatItsTagIsNow() throws IOException {
    String image = registry.image("lab/a:1");
    String before =
        TestImage.docker()
            .layer(TestLayer.glibc())
            .writeTo(Wraps.target(registry.image("lab/a:0")));

    assertThat(digest(find(image, having(registry.host() + "/lab/a@" + there)))).isEqualTo(there);
    assertThat(digest(find(image, having(registry.host() + "/lab/a@" + before)))).isEqualTo(there);
    assertThat(notes).isEmpty();
  }

  /** Engines of today give digests to what they build, too. */
  @Test
  void image_builtHereWithADigest_countsBeforeTheRegistrys() throws IOException {
    String image = registry.image("lab/a:1");

    assertThat(digest(find(image, having(registry.host() + "/lab/a@" + UNKNOWN)))).isEqualTo(ID);
    assertThat(notes)
        .containsExactly(
            image + " of this machine is taken, which is another than the one in its registry");
  }

  @Test
  void image_pulled_servesWhereItsRegistryDoesNot() throws IOException {
    assertThat(digest(find("127.0.0.1:1/lab/a:1", having("127.0.0.1:1/lab/a@" + there))))
        .isEqualTo(ID);
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("The copy of 127.0.0.1:1/lab/a:1 on this machine is taken: Could not")
        .contains("cannot be reached");
    notes.clear();
    String gone = registry.image("lab/gone:1");
    assertThat(digest(find(gone, having(registry.host() + "/lab/gone@" + there)))).isEqualTo(ID);
    assertThat(notes)
        .containsExactly(
            "The copy of " + gone + " on this machine is taken: its registry has no such image");
    notes.clear();
    try (FrontServer refusing =
        new FrontServer(0, (exchange, uri) -> FrontServer.status(exchange, 403))) {
      String image = refusing.host() + "/lab/a:1";
      assertThat(digest(find(image, having(refusing.host() + "/lab/a@" + there)))).isEqualTo(ID);
      assertThat(notes).singleElement().asString().contains("HTTP 403");
    }
  }

  @Test
  void image_namedByItsDigest_isTheRegistrysIfThatHasIt() throws IOException {
    String image = registry.host() + "/lab/a@" + there;

    assertThat(digest(find(image, having(image)))).isEqualTo(there);
    String gone = "127.0.0.1:1/lab/a@" + there;
    assertThat(digest(find(gone, having(gone)))).isEqualTo(ID);
  }

  @Test
  void engine_thatHasNoneOrDoesNotWork_leavesItToTheRegistry() throws IOException {
    String image = registry.image("lab/a:1");
    EngineProgram stopped = engine("echo 'Cannot connect to the Docker daemon' >&2; exit 1");

    assertThat(digest(find(image, null))).isEqualTo(there);
    assertThat(digest(find(image, stopped))).isEqualTo(there);
    assertThat(find(registry.image("lab/none:1"), stopped)).isEmpty();
    EngineProgram none = engine("echo 'Error: No such image: x' >&2; exit 1");
    assertThat(digest(find(image, none))).isEqualTo(there);
    assertThatThrownBy(() -> find("127.0.0.1:1/lab/a:1", none))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the registry 127.0.0.1:1 cannot be reached");
  }

  @Test
  void engine_thatHangs_isNotWaitedForLong() throws IOException {
    Path program = Files.writeString(folder.resolve("hangs"), "#!/bin/sh\nexec sleep 600\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    EngineProgram engine = new EngineProgram(program.toString(), Duration.ofMillis(300));

    assertThat(digest(find(registry.image("lab/a:1"), engine))).isEqualTo(there);
    assertThatThrownBy(() -> engine.inspect("any"))
        .isInstanceOf(BackendException.class)
        .hasMessageEndingWith(
            "hangs image inspect any' did not end within 300 ms. Look whether the engine works");
  }
}
