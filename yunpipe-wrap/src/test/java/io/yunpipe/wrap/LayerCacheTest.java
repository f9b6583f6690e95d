package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerCacheTest {
  @TempDir Path folder;

  private String base() {
    String source = "oci:" + folder.resolve("base") + ":1";
    TestImage.oci().layer(TestLayer.glibc()).writeTo(Wraps.target(source));
    return source;
  }

  private Path only(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  /** As many bytes as before: its size tells nothing. */
  @Test
  void layer_damagedWhereItIsKept_isMadeAnewAndTheSame() throws IOException {
    Path cache = Wraps.copyOfLayers(folder.resolve("cache"));
    Path file = only(".tar.gz");
    byte[] whole = Files.readAllBytes(file);
    byte[] bytes = whole.clone();
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Wraps.Notes notes = new Wraps.Notes();

    Wrapped wrapped =
        Wraps.wrapper(base())
            .cache(cache)
            .listener(notes)
            .to("oci:" + folder.resolve("made") + ":1");

    assertThat(notes.notes).contains("The layer kept in " + file + " is damaged; it is made anew");
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    assertThat(wrapped.digest())
        .isEqualTo(Wraps.wrapper(base()).to("oci:" + folder.resolve("other") + ":1").digest());
  }

  @Test
  void layer_thatIsNotSentAnywhere_isNotRead() throws IOException {
    Path cache = Wraps.copyOfLayers(folder.resolve("cache"));
    Files.write(only(".tar.gz"), new byte[(int) Files.size(only(".tar.gz"))]);

    assertThat(Wraps.wrapper(base()).cache(cache).digest())
        .isEqualTo(Wraps.wrapper(base()).digest());
  }

  @Test
  void facts_thatAreDamaged_areNone() throws IOException {
    LayerFacts facts =
        new LayerFacts("sha256:" + "0a".repeat(32), "sha256:" + "0b".repeat(32), 28_000_000, 34);
    Path file = folder.resolve("facts.json");
    facts.write(file);
    assertThat(LayerFacts.read(file)).contains(facts);

    String text = Files.readString(file);
    for (String damaged :
        new String[] {
          "",
          "{",
          "[]",
          "{}",
          text.replace("0b0b", "0b0c"),
          text.replace("34", "17"),
          text.substring(0, text.length() / 2),
          "\0".repeat(text.length())
        }) {
      Files.write(file, damaged.getBytes(StandardCharsets.UTF_8));
      assertThat(LayerFacts.read(file)).as(damaged).isEmpty();
    }
    assertThat(LayerFacts.read(folder.resolve("none"))).isEmpty();
  }
}
