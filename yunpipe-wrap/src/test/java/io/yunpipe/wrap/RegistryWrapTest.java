package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrapping in a real registry. */
class RegistryWrapTest {
  private static final int LARGE = 6 << 20;

  @TempDir static Path folder;

  private static TestRegistry registry;

  @BeforeAll
  static void start() {
    registry = TestRegistry.start(folder.resolve("one"));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  /** Bytes that gzip cannot make fewer. */
  private static TestLayer large(int seed) {
    byte[] bytes = new byte[LARGE];
    new Random(seed).nextBytes(bytes);
    return new TestLayer().file("srv/model", bytes);
  }

  private static String base(String name, TestImage image) {
    String source = registry.image(name);
    image.writeTo(Wraps.target(source));
    return source;
  }

  @Test
  void layersOfTheBase_inOneRegistry_areNeitherPulledNorPushed() throws IOException {
    String base = base("base/large:1", TestImage.docker().layer(TestLayer.glibc()).layer(large(1)));
    Wraps.Notes notes = new Wraps.Notes();

    Wrapped wrapped = Wraps.wrapper(base).listener(notes).to(registry.image("wrapped/large:1"));

    long layer = Math.max(wrapped.layerBytes(), 1);
    assertThat(wrapped.bytesReceived()).as("received").isLessThan(64 << 10);
    assertThat(wrapped.bytesSent()).as("sent").isBetween(layer, layer + (64 << 10));
    assertThat(registry.log()).contains("/v2/wrapped/large/blobs/uploads/?mount=sha256:");
    assertThat(wrapped.pinned())
        .isEqualTo(registry.image("wrapped/large") + "@" + wrapped.digest());
    assertThat(wrapped.base()).startsWith(base + "@sha256:");
    assertThat(Images.look(wrapped.pinned()).isWrapped()).isTrue();
  }

  /** A base of real size has its C library far behind its beginning. */
  @Test
  void base_wrappedBefore_isNotReadAgain() throws IOException {
    String base = base("base/known:1", TestImage.oci().layer(large(4)).layer(TestLayer.glibc()));

    Wrapped cold = Wraps.wrapper(base).to(registry.image("wrapped/known:1"));
    Wrapped warm = Wraps.wrapper(base).version("2").to(registry.image("wrapped/known:2"));

    assertThat(cold.bytesReceived()).isGreaterThan(4 << 20);
    assertThat(warm.bytesReceived()).isLessThan(16 << 10);
    assertThat(warm.bytesSent()).as("the layer is there").isLessThan(16 << 10);
  }

  @Test
  void sameInput_again_sendsNothing() {
    String base = base("base/again:1", TestImage.oci().layer(TestLayer.glibc()));
    String target = registry.image("base/again:wrapped");
    Wraps.Notes notes = new Wraps.Notes();

    Wrapped first = Wraps.wrapper(base).to(target);
    Wrapped second = Wraps.wrapper(base).listener(notes).to(target);

    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(second.bytesSent()).isZero();
    assertThat(notes.steps)
        .containsExactly("The very same image is there already: " + first.digest());
  }

  /** Types of the base stay in a registry: what is asked before must be of the same. */
  @Test
  void digest_askedFor_isThatOfTheImageThatIsMade() {
    Map<String, TestImage> images = Map.of("oci", TestImage.oci(), "docker", TestImage.docker());
    images.forEach(
        (name, image) -> {
          String base = base("base/asked:" + name, image.layer(TestLayer.glibc()));
          String target = registry.image("wrapped/asked:" + name);
          Wrapper wrapper = Wraps.wrapper(base).version("7").description("cat $input");
          String asked = wrapper.digest();

          assertThat(Images.find(target)).as("nothing is written").isEmpty();
          assertThat(wrapper.to(target).digest()).isEqualTo(asked);
          assertThat(Images.look(target).config().labels())
              .containsEntry(
                  Labels.DESCRIPTION, Digest.of("cat $input".getBytes(StandardCharsets.UTF_8)));
          assertThat(wrapper.description("sort $input").digest()).isNotEqualTo(asked);
        });
  }

  @Test
  void image_ofAnotherRegistry_isStreamedThere() throws IOException {
    String base = base("base/far:1", TestImage.oci().layer(TestLayer.glibc()).layer(large(2)));
    try (TestRegistry other = TestRegistry.start(folder.resolve("other"))) {
      Wrapped wrapped = Wraps.wrapper(base).to(other.image("wrapped/far:1"));

      assertThat(wrapped.bytesSent()).isGreaterThan(LARGE);
      ImageView view = Images.look(other.image("wrapped/far:1"));
      assertThat(view.digest()).isEqualTo(wrapped.digest());
      assertThat(view.has("/srv/model")).isTrue();
    }
  }

  @Test
  void blob_damagedInTheRegistry_isNamedAndNothingIsShown() throws IOException {
    TestImage image = TestImage.oci().layer(TestLayer.glibc()).layer(large(3));
    String base = base("base/damaged:1", image);
    String digest = Digest.of(image.topLayer());
    Path file = registry.blob(digest);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    try (TestRegistry other = TestRegistry.start(folder.resolve("third"))) {
      String target = other.image("wrapped/damaged:1");

      assertThatThrownBy(() -> Wraps.wrapper(base).to(target))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "Could not use blob "
                  + digest
                  + " from "
                  + registry.image("base/damaged")
                  + ": its contents have the digest "
                  + Digest.of(bytes)
                  + ". It is damaged there or on the way; push the image again, or use another");
      assertThat(Images.find(target)).isEmpty();
    }
  }

  @Test
  void index_ofSeveralProcessors_becomesAnIndex() {
    String base = registry.image("base/many:1");
    TestImage.writeAll(
        Wraps.target(base),
        List.of(
            TestImage.on("amd64").layer(TestLayer.glibc()),
            TestImage.on("s390x").layer(TestLayer.glibc())));

    Wrapped wrapped = Wraps.wrapper(base).to(registry.image("wrapped/many:1"));

    ImageView view = Images.look(registry.image("wrapped/many:1"));
    assertThat(view.digest()).isEqualTo(wrapped.digest());
    assertThat(view.platforms()).containsExactly(Platform.linux("amd64"));
    assertThat(view.isWrapped()).isTrue();
  }

  @Test
  void registry_thatGoesAwayInTheMiddle_isNamedWithWhatWasDone() throws IOException {
    String base = base("base/cut:1", TestImage.oci().layer(TestLayer.glibc()));
    try (CuttingProxy proxy = new CuttingProxy(registry.port(), 5 << 20)) {
      String through = base.replace(registry.host(), proxy.host());

      assertThatThrownBy(() -> Wraps.wrapper(through).to(proxy.host() + "/wrapped/cut:1"))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("Could not push blob sha256:")
          .hasMessageContaining(
              " to " + proxy.host() + "/wrapped/cut: the registry " + proxy.host() + " cannot be");
    }
    assertThat(Images.find(registry.image("wrapped/cut:1"))).isEmpty();
  }

  @Test
  void registry_thatIsNotThere_isNamed() throws IOException {
    String host;
    try (CuttingProxy gone = new CuttingProxy(1, 0)) {
      host = gone.host();
    }
    assertThatThrownBy(() -> Images.look(host + "/a:1"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the registry " + host + " cannot be reached (ConnectException")
        .hasMessageEndingWith("Nothing answers there; check name, port and network");
  }

  @Test
  void push_thatIsNotAllowed_isRefusedInWords() throws IOException {
    String base = base("base/denied:1", TestImage.oci().layer(TestLayer.glibc()));
    Map<String, String> readOnly =
        Map.of("REGISTRY_STORAGE_MAINTENANCE_READONLY", "{enabled: true}");
    try (TestRegistry other = TestRegistry.start(folder.resolve("denied"), readOnly)) {
      assertThatThrownBy(() -> Wraps.wrapper(base).to(other.image("wrapped/denied:1")))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("Could not push blob sha256:")
          .hasMessageContaining(": HTTP 405 from ")
          .hasMessageEndingWith("The registry does not let anybody do that");
    }
  }

  @Test
  void manifest_ofAnUnknownType_isRefused() {
    String base = registry.image("base/artifact:1");
    TestImage image = TestImage.oci().layer(TestLayer.glibc());
    String text =
        new String(image.manifest().bytes(), StandardCharsets.UTF_8)
            .replace(MediaTypes.OCI_CONFIG, "application/vnd.cncf.helm.config.v1+json");
    ImageTarget target = Wraps.target(base);
    Document manifest =
        new Document(MediaTypes.OCI_MANIFEST, text.getBytes(StandardCharsets.UTF_8));
    target.begin(manifest);
    image.blobs().forEach((blob, bytes) -> target.blob(blob, Body.of(bytes)));
    target.finish(manifest);

    assertThatThrownBy(() -> Wraps.wrapper(base).to(registry.image("wrapped/artifact:1")))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "Could not use " + base + ": it is no image but an artifact of type")
        .hasMessageContaining("application/vnd.cncf.helm.config.v1+json");
  }

  @Test
  void image_thatIsNotThere_isNamed() {
    assertThat(Images.find(registry.image("nobody/nothing:1"))).isEmpty();
    assertThatThrownBy(() -> Images.look(registry.image("nobody/nothing:1")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("there is no such image");
  }
}
