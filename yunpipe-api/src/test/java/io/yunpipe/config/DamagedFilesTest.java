package io.yunpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to a file, it loads or is refused with places and reasons; nothing else escapes.
 */
class DamagedFilesTest {
  private static final String SIGNS = "{}[]\"'\\,:=#/$+-0x\n \u0000é";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cells.conf",
        "user_request.json",
        "sequence_request.json",
        "change123-s3.json",
        "config.py"
      })
  void file_withRandomDamage_loadsOrIsRefusedWithPlaces(String name) throws IOException {
    Random random = new Random(name.hashCode());
    String text = Golden.text(name);
    Files.writeString(folder.resolve("count.json"), Golden.text("algorithms/count.json"));
    Path file = folder.resolve(name.equals("change123-s3.json") ? "w-" + name : name);
    Files.writeString(folder.resolve("change123-s3.json"), Golden.text("change123-s3.json"));
    Pattern placed = Pattern.compile(Pattern.quote(folder.toString()) + ".*: .+", Pattern.DOTALL);
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      Files.write(file, damage(text, random).getBytes(StandardCharsets.UTF_8));
      try {
        assertThat(Golden.load(file).definition().workflow().stages()).isNotEmpty();
      } catch (ConfigurationException e) {
        refused++;
        assertThat(e.problems())
            .isNotEmpty()
            .allSatisfy(problem -> assertThat(problem).matches(placed));
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  private static String damage(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(damaged.length());
      int end = Math.min(damaged.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> damaged.delete(at, end);
        case 1 -> damaged.insert(at, SIGNS.charAt(random.nextInt(SIGNS.length())));
        case 2 -> damaged.setCharAt(at, SIGNS.charAt(random.nextInt(SIGNS.length())));
        default -> damaged.insert(at, damaged.substring(at, end));
      }
    }
    return damaged.toString();
  }
}
