package io.yunpipe.internal.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.Inputs;
import io.yunpipe.internal.source.Sources;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
  @TempDir Path temp;

  @Test
  void order_ofAnyNames_isTheOrderOfTheirBytes() {
    Random random = new Random(7);
    int[] points = {'a', '/', '-', 0xe9, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffee, 0x10000, 0x1f600};
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(5); length > 0; length--) {
        name.appendCodePoint(points[random.nextInt(points.length)]);
      }
      names.add(name.toString());
    }
    List<String> expected = new ArrayList<>(names);
    expected.sort(Comparator.comparing(name -> name.getBytes(UTF_8), Arrays::compareUnsigned));

    names.sort(Utf8Order.INSTANCE);

    assertThat(names).isEqualTo(expected);
  }

  @Test
  void name_ofExactly255And900Bytes_isValid() {
    assertThat(RelativeName.problem("x".repeat(255), 900)).isEmpty();
    assertThat(RelativeName.problem("ü".repeat(128), 900))
        .contains("has a part that is too long: 256 bytes, of at most 255");
    assertThat(RelativeName.problem(("x".repeat(224) + "/").repeat(4).substring(0, 899) + "y", 900))
        .isEmpty();
    assertThat(RelativeName.problem("a\uD800", 900)).contains("is not valid Unicode");
  }

  @Test
  void quoted_controlCharacters_areEscapedAndLongNamesCut() {
    assertThat(Quoted.of("a\nb\u001b[31m\u202e")).isEqualTo("\"a\\nb\\u001b[31m\\u202e\"");
    assertThat(Quoted.of("x".repeat(400))).hasSize(303).endsWith("…\"");
  }

  @Test
  void file_notReadable_isNamedWithReasonAndRemedy() {
    assertThat(FileErrors.unreadable(Path.of("/a\nb"), new AccessDeniedException("/a\nb")))
        .hasMessage(
            "Could not read \"/a\\nb\": permission denied. "
                + "Make it readable for the user who submits.");
    assertThat(
            FileErrors.unreadable(Path.of("/a"), new FileSystemException("/a", null, "I/O error")))
        .hasMessage("Could not read \"/a\": I/O error. Check the path and its disk.");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void jvm_thatCannotSayAName_isToldHowToStartIt() throws Exception {
    Files.writeString(temp.resolve("müll.txt"), "");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Lister.class.getName(),
            temp.toString());
    builder.environment().put("LC_ALL", "C");
    Process java = builder.redirectErrorStream(true).start();
    String said = new String(java.getInputStream().readAllBytes(), UTF_8);

    assertThat(java.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("Could not handle the file name")
        .contains("cannot represent it. Start Java with LC_ALL=C.UTF-8 in its environment.");
  }

  /** Reads a folder in a JVM of its own. */
  static final class Lister {
    public static void main(String[] args) throws IOException {
      try (var reader = Sources.open(Inputs.folder(Path.of(args[0])), null)) {
        System.out.println(reader.next().problem().orElseThrow().getMessage());
      }
    }
  }
}
