package io.yunpipe.wrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerWriterTest {
  @TempDir Path folder;

  private Map<String, Integer> modes(Path jre) throws IOException {
    Path file = folder.resolve("layer.tar.gz");
    LayerWriter.Written unused = LayerWriter.write(jre, Runner.of(Wraps.runner()), file);
    Map<String, Integer> modes = new TreeMap<>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry one = tar.getNextEntry(); one != null; one = tar.getNextEntry()) {
        modes.put(one.getName(), one.getMode() & 07777);
      }
    }
    return modes;
  }

  private static void file(Path jre, String name, boolean runs) throws IOException {
    Path file = jre.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name, StandardCharsets.US_ASCII);
    assertThat(file.toFile().setExecutable(runs)).isTrue();
  }

  /** As in a home on a disk of another system, or one mounted with noexec. */
  @Test
  void programs_areThose_whateverTheDiskSays() throws IOException {
    Path jre = folder.resolve("jre");
    file(jre, "bin/java", false);
    file(jre, "lib/jspawnhelper", false);
    file(jre, "lib/modules", true);
    file(jre, "lib/server/libjvm.so", true);

    assertThat(modes(jre))
        .containsEntry("opt/yunpipe/jre/bin/java", 0755)
        .containsEntry("opt/yunpipe/jre/lib/jspawnhelper", 0755)
        .containsEntry("opt/yunpipe/jre/lib/modules", 0644)
        .containsEntry("opt/yunpipe/jre/lib/server/libjvm.so", 0644)
        .containsEntry("opt/yunpipe/lib/yunpipe-worker.jar", 0644)
        .containsEntry("yunpipe/", 01777);
  }

  @Test
  void programs_ofThisJava_areAllKnown() throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    Path jre = folder.resolve("jre");
    for (String name : List.of("bin", "lib")) {
      try (Stream<Path> files = Files.list(home.resolve(name))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (Files.isExecutable(file) && !file.toString().endsWith(".so")) {
            file(jre, home.relativize(file).toString(), true);
          }
        }
      }
    }

    assertThat(modes(jre).entrySet())
        .filteredOn(
            one -> one.getKey().startsWith("opt/yunpipe/jre/") && !one.getKey().endsWith("/"))
        .isNotEmpty()
        .allMatch(one -> one.getValue() == 0755);
  }
}
