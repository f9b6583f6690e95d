package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrapping without any registry. */
class LayoutWrapTest {
  @TempDir Path folder;

  private String base(TestImage image) {
    String source = "oci:" + folder.resolve("base") + ":1";
    image.writeTo(Wraps.target(source));
    return source;
  }

  private String to(String name) {
    return "oci:" + folder.resolve(name) + ":2";
  }

  @Test
  void image_wrapped_startsTheWorkerAndRemembersWhatItStarted() {
    Wrapped wrapped =
        Wraps.wrapper(base(TestImage.oci().layer(TestLayer.glibc()))).version("3").to(to("made"));

    ImageView view = Images.look(to("made"));
    assertThat(view.digest()).isEqualTo(wrapped.digest());
    assertThat(view.isWrapped()).isTrue();
    assertThat(view.platforms()).containsExactly(Platform.linux(Index.architecture()));
    ImageConfig config = view.config();
    assertThat(config.entryPoint()).startsWith("/opt/yunpipe/jre/bin/java");
    assertThat(config.entryPoint()).endsWith("io.yunpipe.runner.WorkerMain");
    assertThat(config.command()).isEmpty();
    assertThat(config.user()).isEqualTo("1000:1000");
    assertThat(config.ports()).containsExactly("9090/tcp");
    assertThat(config.environment())
        .containsEntry("MODEL", "large")
        .containsEntry("YUNPIPE_INSIDE", "true")
        .containsEntry("YUNPIPE_ENTRYPOINT", "[\"/usr/bin/tool\",\"--all\"]")
        .containsEntry("YUNPIPE_PASS", "PATH,MODEL");
    assertThat(config.labels())
        .containsEntry("org.example.team", "cells")
        .containsEntry(Labels.ALGORITHM, "cells")
        .containsEntry(Labels.VERSION, "3")
        .containsEntry(Labels.BASE, wrapped.base())
        .containsEntry(Labels.ENTRY_POINT, "[\"/usr/bin/tool\"]")
        .containsEntry(Labels.COMMAND, "[\"--all\"]")
        .containsKey(Labels.RUNNER);
    assertThat(view.has("/opt/yunpipe/jre/bin/java")).isTrue();
    assertThat(view.has("/opt/yunpipe/lib/yunpipe-worker.jar")).isTrue();
    assertThat(view.has("tool")).as("on the PATH").isTrue();
    assertThat(view.has("/bin/other")).isFalse();
  }

  @Test
  void user_asked_isTheContainers() {
    Wraps.wrapper(base(TestImage.oci().layer(TestLayer.glibc()))).user("app").to(to("made"));

    assertThat(Images.look(to("made")).config().user()).isEqualTo("app");
  }

  @Test
  void sameInput_twice_makesTheSameDigest() throws IOException {
    String base = base(TestImage.docker().layer(TestLayer.glibc()));

    Wrapped one = Wraps.wrapper(base).to(to("one"));
    Wrapped two = Wraps.wrapper(base).to("tar:" + folder.resolve("two.tar"));
    Wrapped three = Wraps.wrapper(base).cache(folder.resolve("empty")).to(to("three"));

    assertThat(two.digest()).isEqualTo(one.digest());
    assertThat(three.digest()).as("of a Java made anew").isEqualTo(one.digest());
    try (var left = Files.list(folder.resolve("empty"))) {
      assertThat(left.map(it -> it.getFileName().toString()))
          .as("nothing but the layer and what is known of it")
          .hasSize(2)
          .noneMatch(name -> name.startsWith("."));
    }
  }

  @Test
  void archive_written_canBeReadAndWrapped() {
    String base = base(TestImage.oci().layer(TestLayer.glibc()));
    String file = "tar:" + folder.resolve("image.tar");
    TestImage.oci().layer(TestLayer.glibc()).writeTo(Wraps.target(file));

    assertThat(Images.look(file).digest()).isEqualTo(Images.look(base).digest());
    Wrapped wrapped = Wraps.wrapper(file).to(to("made"));
    assertThat(Images.look(to("made")).digest()).isEqualTo(wrapped.digest());
  }

  @Test
  void index_withProcessorsWeHaveAndHaveNot_keepsThoseWeHave() {
    String source = "oci:" + folder.resolve("base") + ":1";
    TestImage.writeAll(
        Wraps.target(source),
        List.of(
            TestImage.on("amd64").layer(TestLayer.glibc()),
            TestImage.on("riscv64").layer(TestLayer.glibc())));
    Wraps.Notes notes = new Wraps.Notes();

    Wrapped wrapped = Wraps.wrapper(source).base(source).listener(notes).to(to("made"));

    assertThat(wrapped.platforms()).containsExactly(Platform.linux("amd64"));
    assertThat(Images.look(to("made")).platforms()).containsExactly(Platform.linux("amd64"));
    assertThat(notes.notes)
        .contains(
            "Left out, for want of a Java: linux/riscv64. Give modules of a JDK for each that is"
                + " needed by --jmods or in ~/.yunpipe/jmods (docs/wrap.md)");
  }

  @Test
  void processor_withoutAJava_isRefusedWithTheAlternative() {
    String base = base(TestImage.on("riscv64").layer(TestLayer.glibc()));

    assertThatThrownBy(() -> Wraps.wrapper(base).to(to("made")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Could not wrap " + base + ": it is for linux/riscv64, and there is")
        .hasMessageContaining("run plain images, with the worker beside the container");
    assertThatThrownBy(() -> Wraps.wrapper(base).runtimes(Map.of("riscv64", folder)).to(to("made")))
        .hasMessageContaining("there is no java.base.jmod in " + folder);
  }

  @Test
  void folderOfModules_withNoneInIt_isRefused() {
    assertThatThrownBy(() -> Wraps.wrapper("cells:1").runtimes(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "jmods must be a folder with amd64 or arm64 in it, with modules of a JDK for that"
                + " processor, but was \""
                + folder
                + "\"");
  }

  @Test
  void modules_ofAnotherProcessor_areRefused() {
    Path own = Path.of(System.getProperty("java.home"), "jmods");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isDirectory(own), "this JDK brings no folder of modules");
    String base = base(TestImage.on("riscv64").layer(TestLayer.glibc()));

    assertThatThrownBy(() -> Wraps.wrapper(base).runtimes(Map.of("riscv64", own)).to(to("made")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Could not make a Java for riscv64: the modules in "
                + own
                + " are for "
                + Index.architecture());
  }

  @Test
  void base_withMusl_isRefused() {
    String base = base(TestImage.oci().layer(new TestLayer().file("lib/ld-musl-x86_64.so.1", "x")));

    assertThatThrownBy(() -> Wraps.wrapper(base).to(to("made")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Could not wrap "
                + base
                + ": its C library is musl, as in Alpine, and the worker's Java needs glibc. Build")
        .hasMessageEndingWith("with the worker beside the container");
    assertThat(folder.resolve("made/index.json")).doesNotExist();
  }

  @Test
  void base_withoutAnyLibrary_isRefused() {
    String base = base(TestImage.oci().layer(new TestLayer().file("bin/busybox", "x")));

    assertThatThrownBy(() -> Wraps.wrapper(base).to(to("made")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it has no C library that programs could share");
  }

  @Test
  void base_withAnOldGlibc_isRefusedIfOurJavaNeedsMore() {
    TestLayer old = TestLayer.glibc().file("lib/x86_64-linux-gnu/libc-2.5.so", "x");
    String base = base(TestImage.oci().layer(old));

    assertThatThrownBy(() -> Wraps.wrapper(base).to(to("made")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("its glibc is 2.5, but this program's Java needs 2.");
  }

  @Test
  void wrapped_image_isNotWrappedAgain() {
    Wraps.wrapper(base(TestImage.oci().layer(TestLayer.glibc()))).to(to("made"));

    assertThatThrownBy(() -> Wraps.wrapper(to("made")).to(to("again")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(": it is wrapped already. Wrap what it was made of, oci:");
  }

  @Test
  void layout_withOtherImages_keepsThem() {
    Wraps.wrapper(base(TestImage.oci().layer(TestLayer.glibc())))
        .to("oci:" + folder.resolve("base") + ":2");

    assertThat(Images.find("oci:" + folder.resolve("base") + ":1")).isPresent();
    assertThat(Images.find("oci:" + folder.resolve("base") + ":2")).isPresent();
    assertThat(Images.find("oci:" + folder.resolve("base") + ":3")).isEmpty();
    assertThatThrownBy(() -> Images.look("oci:" + folder.resolve("base")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("it holds several images (1, 2). Say which: oci:FOLDER:TAG");
  }

  @Test
  void blob_damagedOnDisk_isNamedAndNothingIsMade() throws IOException {
    TestImage image = TestImage.oci().layer(TestLayer.glibc());
    String base = base(image);
    String digest = Digest.of(image.topLayer());
    Path file = folder.resolve("base/blobs/sha256/" + Digest.hex(digest));
    byte[] bytes = Files.readAllBytes(file);
    // The time in the header, which nobody looks at.
    bytes[4] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> Wraps.wrapper(base).to(to("made")))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "Could not use blob "
                + digest
                + " from "
                + base
                + ": its contents have the digest "
                + Digest.of(bytes)
                + ". It is damaged there or on the way; push the image again, or use another");
    assertThat(folder.resolve("made/index.json")).doesNotExist();
  }

  @Test
  void source_thatIsNotThere_isNamed() {
    assertThat(Images.find("oci:" + folder.resolve("none"))).isEmpty();
    assertThatThrownBy(() -> Images.look("tar:" + folder.resolve("none.tar")))
        .hasMessageEndingWith(": there is no such file");
    assertThatThrownBy(() -> Wraps.wrapper("oci:" + folder.resolve("none")).to(to("made")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("there is no such image");
  }

  @Test
  void algorithm_withoutAnImage_isRefused() {
    assertThatThrownBy(() -> Wrapper.wrap(Algorithm.command("sort", "sort $input")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Could not wrap algorithm 'sort': it has no image");
  }

  @Test
  void index_thatNamesAnUnknownDigest_isRefused() throws IOException {
    base(TestImage.oci().layer(TestLayer.glibc()));
    Path index = folder.resolve("base/index.json");
    ObjectNode json = Documents.object(Files.readAllBytes(index), "index");
    ((ObjectNode) json.path("manifests").get(0)).put("digest", "md5:../../etc/passwd");
    Files.write(index, Documents.bytes(json));

    assertThatThrownBy(() -> Images.look("oci:" + folder.resolve("base")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'md5:../../etc/passwd', which is no sha256 digest");
  }
}
