package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class ImageFilesTest {
  private final List<String> opened = new ArrayList<>();

  private ImageFiles image(TestLayer... layers) {
    List<byte[]> contents = new ArrayList<>();
    List<Descriptor> descriptors = new ArrayList<>();
    for (TestLayer layer : layers) {
      byte[] bytes = TestLayer.gzip(layer.tar());
      contents.add(bytes);
      descriptors.add(new Descriptor("", Digest.of(bytes), bytes.length));
    }
    return new ImageFiles(
        "test",
        descriptors,
        blob -> {
          opened.add(blob.digest());
          byte[] bytes = contents.get(descriptors.indexOf(blob));
          return new BlobStream(new ByteArrayInputStream(bytes), blob, "test", n -> {});
        });
  }

  @Test
  void file_behindLinks_isFound() {
    ImageFiles files =
        image(
            new TestLayer()
                .link("bin", "usr/bin")
                .file("usr/bin/python3.11", "x")
                .link("usr/bin/python3", "python3.11")
                .link("usr/bin/python", "/usr/bin/../bin/python3")
                .link("out", "../../../usr/bin/python"));

    assertThat(files.hasFile("/bin/python")).isTrue();
    assertThat(files.hasFile("/usr/bin/./python3")).isTrue();
    assertThat(files.hasFile("/out")).as("a link cannot leave the root").isTrue();
    assertThat(files.hasFile("/usr/bin")).as("a folder").isFalse();
    assertThat(files.hasFile("/usr/bin/python3.11/x")).as("below a file").isFalse();
    assertThat(files.hasFile("/usr/bin/perl")).isFalse();
    assertThat(files.hasFile("")).isFalse();
  }

  @Test
  void file_takenAwayByALayerAbove_isGone() {
    ImageFiles files =
        image(
            new TestLayer().file("a/one", "1").file("b/one", "1").file("c/one", "1").file("d", "1"),
            new TestLayer()
                .file("a/.wh.one", "")
                .file("b/.wh..wh..opq", "")
                .file("b/two", "2")
                .file(".wh.c", "")
                .folder("d"));

    assertThat(files.hasFile("/a/one")).isFalse();
    assertThat(files.hasFile("/b/one")).isFalse();
    assertThat(files.hasFile("/b/two")).isTrue();
    assertThat(files.hasFile("/c/one")).isFalse();
    assertThat(files.hasFile("/d")).isFalse();
    assertThat(files.hasFile("/a/.wh.one")).as("a mark is no file").isFalse();
  }

  @Test
  void file_replacedByALink_hidesWhatWasBelow() {
    ImageFiles files =
        image(
            new TestLayer().file("opt/tool/run", "1").file("srv/other", "1"),
            new TestLayer().link("opt/tool", "/srv"));

    assertThat(files.hasFile("/opt/tool/run")).isFalse();
    assertThat(files.hasFile("/opt/tool/other")).isTrue();
  }

  @Test
  void layersBelow_ofTheAnswer_areNotRead() {
    ImageFiles files = image(new TestLayer().file("a", "1"), new TestLayer().file("a", "2"));

    assertThat(files.hasFile("/a")).isTrue();
    assertThat(opened).hasSize(1);
  }

  @Test
  void entries_thatLeadOutOrAreDevices_areNoFiles() {
    ImageFiles files =
        image(
            new TestLayer()
                .file("../../etc/shadow", "x")
                .file("/absolute", "x")
                .file("a/../../b", "x")
                .special("dev/null", TarConstants.LF_CHR, "")
                .special("pipe", TarConstants.LF_FIFO, "")
                .link("loop", "loop")
                .link("x", "y")
                .link("y", "x")
                .special("hard", TarConstants.LF_LINK, "absolute"));

    assertThat(files.hasFile("/etc/shadow")).isFalse();
    assertThat(files.hasFile("/b")).isFalse();
    assertThat(files.hasFile("/absolute")).as("engines take the slash away").isTrue();
    assertThat(files.hasFile("/dev/null")).isFalse();
    assertThat(files.hasFile("/pipe")).isFalse();
    assertThat(files.hasFile("/loop")).isFalse();
    assertThat(files.hasFile("/x")).isFalse();
    assertThat(files.hasFile("/hard")).isTrue();
  }

  @Test
  void longNames_ofBothKinds_areRead() {
    String name = "folder-of-some-length/".repeat(12) + "file";
    assertThat(image(new TestLayer().file(name, "x")).hasFile("/" + name)).isTrue();
    assertThat(image(new TestLayer().gnuLongNames().file(name, "x")).hasFile("/" + name)).isTrue();
  }

  @Test
  void longName_beyondReason_isRefused() {
    // By hand: the library takes minutes to write it.
    byte[] bytes = TarReaderTest.header("././@LongLink", 'L', 80_001);
    ImageFiles files =
        new ImageFiles(
            "test",
            List.of(new Descriptor("", Digest.of(bytes), bytes.length)),
            blob -> new ByteArrayInputStream(bytes));

    assertThatThrownBy(() -> files.hasFile("/a"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("a header or file has")
        .hasMessageContaining("more than 65536");
  }

  @Test
  void layer_thatIsNoTar_isRefused() {
    byte[] bytes = new byte[2048];
    java.util.Arrays.fill(bytes, (byte) 'x');
    Descriptor blob = new Descriptor("", Digest.of(bytes), bytes.length);
    ImageFiles files = new ImageFiles("test", List.of(blob), it -> new ByteArrayInputStream(bytes));

    assertThatThrownBy(() -> files.hasFile("/a"))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("Could not look into layer sha256:")
        .hasMessageContaining("it is no tar, or damaged");
  }

  @Test
  void layer_withAnotherDigest_isRefused() {
    byte[] bytes = TestLayer.gzip(new TestLayer().file("a", "1").tar());
    Descriptor blob = new Descriptor("", "sha256:" + "00".repeat(32), bytes.length);
    ImageFiles files =
        new ImageFiles(
            "test",
            List.of(blob),
            it -> new BlobStream(new ByteArrayInputStream(bytes), it, "test", n -> {}));

    assertThatThrownBy(() -> files.hasFile("/a"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("its contents have the digest " + Digest.of(bytes));
  }
}
