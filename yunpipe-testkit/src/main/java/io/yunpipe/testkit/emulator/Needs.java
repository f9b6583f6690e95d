package io.yunpipe.testkit.emulator;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Programs that tests use where they are installed. */
public final class Needs {
  private Needs() {}

  /**
   * Returns a program; skips the test if it is not there, or fails it where YUNPIPE_REQUIRE says
   * that it must be.
   *
   * @param what the name that YUNPIPE_REQUIRE has for it
   * @param variable names its path
   * @param program what it is called on the PATH
   * @param provide how to get it
   */
  public static Path program(String what, String variable, String program, String provide) {
    Optional<Path> found =
        Optional.ofNullable(System.getenv(variable))
            .map(Path::of)
            .or(
                () ->
                    Arrays.stream(
                            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, program))
                        .filter(Files::isExecutable)
                        .findFirst());
    if (found.isPresent()) {
      return found.get();
    }
    String reason =
        "needs "
            + what
            + ": put "
            + program
            + " on the PATH or name it with "
            + variable
            + " ("
            + provide
            + ")";
    if (System.getenv().getOrDefault("YUNPIPE_REQUIRE", "").contains(what)) {
      fail(reason);
    }
    return Assumptions.abort(reason);
  }
}
