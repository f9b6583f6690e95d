package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String DIGEST = "sha256:" + "0a".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "ubuntu, docker.io/library/ubuntu:latest",
    "wangyx2005/change123, docker.io/wangyx2005/change123:latest",
    "index.docker.io/library/ubuntu:24.04, docker.io/library/ubuntu:24.04",
    "localhost/a, localhost/a:latest",
    "localhost:5000/a/b:1, localhost:5000/a/b:1",
    "[::1]:5000/a, [::1]:5000/a:latest",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/lab/a__b-c.d:V_1,"
        + " 123456789012.dkr.ecr.eu-west-1.amazonaws.com/lab/a__b-c.d:V_1"
  })
  void name_asPullTakesIt_isWhole(String text, String whole) {
    assertThat(ImageReference.parse(text)).hasToString(whole);
    assertThat(ImageReference.parse(whole)).isEqualTo(ImageReference.parse(text));
  }

  @Test
  void digest_inAName_isWantedInsteadOfTheTag() {
    ImageReference image = ImageReference.parse("registry.example.org/a:1@" + DIGEST);

    assertThat(image.wanted()).isEqualTo(DIGEST);
    assertThat(image.tag()).contains("1");
    assertThat(image.tagged("2")).hasToString("registry.example.org/a:2");
    assertThat(image.pinned(DIGEST)).hasToString("registry.example.org/a@" + DIGEST);
    assertThat(ImageReference.parse("a@" + DIGEST).tag()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "A",
        "a b",
        "a:",
        "a:b:c",
        "a//b",
        "/a",
        "a/",
        "a@sha256:12",
        "../a",
        "a/../b",
        "http://a/b",
        "host.example/",
        "-host.example/a",
        "a:-1",
        "user@host.example/a",
        "a?b",
        "a\nb"
      })
  void name_thatIsNone_isRefused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("image must be a reference such as ubuntu:24.04");
  }

  @Test
  void name_ofManyParts_isReadInTime() {
    assertThatThrownBy(() -> ImageReference.parse("a-".repeat(250)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(600)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void source_ofEachKind_isRead() {
    assertThat(Source.of("oci:/some/folder:1.0")).hasToString("oci:/some/folder:1.0");
    assertThat(Source.of("oci:folder"))
        .isEqualTo(new Source.Layout(java.nio.file.Path.of("folder"), ""));
    assertThat(Source.of("tar:a.tar")).isInstanceOf(Source.Archive.class);
    assertThat(Source.of("engine:a:1")).isEqualTo(new Source.Engine("a:1"));
    assertThat(Source.of("a:1")).hasToString("docker.io/library/a:1");
    assertThatThrownBy(() -> Source.of("oci:"))
        .hasMessage(
            "image must be a reference, oci:FOLDER[:TAG], tar:FILE or engine:NAME[:TAG], but was"
                + " \"oci:\"");
  }
}
