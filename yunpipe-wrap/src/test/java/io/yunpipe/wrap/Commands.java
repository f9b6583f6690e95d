package io.yunpipe.wrap;

import io.yunpipe.testkit.emulator.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs programs of others. */
final class Commands {
  private Commands() {}

  /**
   * Returns what a program said.
   *
   * @throws IllegalStateException if it failed
   */
  static String run(Path folder, String... command) throws IOException, InterruptedException {
    Path said = Files.createTempFile(folder, "said", ".txt");
    try (Child child = Child.start(said, Map.of(), List.of(command))) {
      int code = child.exit(120);
      if (code != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + code + ": " + child.text());
      }
      return child.text().strip();
    }
  }
}
