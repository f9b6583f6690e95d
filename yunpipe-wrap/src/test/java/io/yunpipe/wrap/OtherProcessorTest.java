package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.yunpipe.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A Java for another processor than this machine's, made of real modules. */
@EnabledForJreRange(max = JRE.JAVA_17, disabledReason = "modules fit one version of Java only")
class OtherProcessorTest {
  private static final String OTHER = Index.architecture().equals("amd64") ? "arm64" : "amd64";

  /** What the worker uses, and what that uses. */
  private static final List<String> NEEDED =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.security.sasl",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.unsupported");

  @TempDir static Path cache;
  @TempDir Path folder;
  private static Path modules;

  @BeforeAll
  static void requireModules() {
    modules = Path.of(System.getenv().getOrDefault("YUNPIPE_TEST_JMODS", "/none"), OTHER);
    if (!Files.isRegularFile(modules.resolve("java.base.jmod"))) {
      String reason =
          "needs jmods of Java 17 for "
              + OTHER
              + ": .ci/jmods FOLDER "
              + OTHER
              + "; YUNPIPE_TEST_JMODS=FOLDER";
      if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains("jmods")) {
        fail(reason);
      }
      abort(reason);
    }
  }

  private static TestLayer glibc(String loader) {
    return new TestLayer().file("lib/" + loader, "loader").file("usr/bin/tool", "#!/bin/sh");
  }

  /** Makes an image for both processors. */
  private String base() {
    String source = "oci:" + folder.resolve("base") + ":1";
    TestImage.writeAll(
        Wraps.target(source),
        List.of(
            TestImage.on("amd64").layer(TestLayer.glibc()),
            TestImage.on("arm64").layer(glibc("ld-linux-aarch64.so.1"))));
    return source;
  }

  @Test
  void image_forTwoProcessors_getsAJavaForEach() throws IOException {
    String source = base();
    Wrapped wrapped =
        Wraps.wrapper(source)
            .cache(cache)
            .runtimes(modules.getParent())
            .to("oci:" + folder.resolve("made") + ":2");

    assertThat(wrapped.platforms())
        .containsExactly(Platform.linux("amd64"), Platform.linux("arm64"));
    for (Index.Entry entry : entries("made", ":2")) {
      Map<String, String> programs = programs(entry);
      assertThat(programs)
          .containsKeys(
              "opt/yunpipe/jre/bin/java",
              "opt/yunpipe/jre/lib/server/libjvm.so",
              "opt/yunpipe/jre/lib/libjava.so");
      assertThat(programs.values())
          .as("%s: %s", entry.platform(), programs)
          .containsOnly(entry.platform().architecture());
    }
  }

  @Test
  void libraryThatTheModulesNeed_andNobodyHas_isNamed() throws IOException {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    for (String name : NEEDED) {
      Files.copy(modules.resolve(name + ".jmod"), bare.resolve(name + ".jmod"));
    }
    String source = base();
    assertThatThrownBy(
            () ->
                Wraps.wrapper(source)
                    .cache(cache)
                    .runtimes(Map.of(OTHER, bare))
                    .to("oci:" + folder.resolve("none") + ":2"))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "Could not make a Java for "
                + OTHER
                + ": that of "
                + bare
                + " needs libz.so.1 for "
                + OTHER
                + ", which is neither there nor in any of [")
        .hasMessageEndingWith(". Put it there, or the modules of Eclipse Temurin, which need none");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private LayoutSource layout(String name, String tag) {
    Path at = folder.resolve(name);
    return new LayoutSource(name, LayoutFiles.of(at), tag.substring(1));
  }

  private List<Index.Entry> entries(String name, String tag) {
    Document top = layout(name, tag).top().orElseThrow();
    return Index.of(top, name).entries();
  }

  /** Returns what is native in the layer that was added, and for what processor it is. */
  private Map<String, String> programs(Index.Entry entry) throws IOException {
    LayoutSource made = layout("made", ":2");
    Manifest manifest = Manifest.of(made.manifest(entry.manifest()), "made");
    Descriptor layer = manifest.layers().get(manifest.layers().size() - 1);
    assertThat(layer.size()).as("bytes of the layer").isLessThan(30_000_000);
    Map<String, String> programs = new TreeMap<>();
    Path copy = folder.resolve("native");
    try (InputStream in = made.blob(layer);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
      for (TarArchiveEntry one = tar.getNextEntry(); one != null; one = tar.getNextEntry()) {
        String file = one.getName();
        if (one.isFile() && (file.contains(".so") || file.startsWith("opt/yunpipe/jre/bin/"))) {
          Files.write(copy, tar.readAllBytes());
          programs.put(file, NativeParts.architecture(copy));
        }
      }
    }
    return programs;
  }
}
