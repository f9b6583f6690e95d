package io.yunpipe.wrap;

import io.yunpipe.ConfigurationException;
import io.yunpipe.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worker's program, a jar.
 *
 * @param sha256 its checksum, hexadecimal
 */
record Runner(Body jar, String sha256) {
  private static final String BROUGHT = "/io/yunpipe/aws/programs.jar";

  /** Reads a file. */
  static Runner of(Path file) {
    try {
      return new Runner(Body.of(file, Files.size(file)), Sha256.of(file));
    } catch (IOException e) {
      throw missing("it cannot be read from " + file + " (" + Said.of(e) + ")");
    }
  }

  /** Returns the one on the class path. */
  static Runner brought() {
    try (@Nullable InputStream in = Runner.class.getResourceAsStream(BROUGHT)) {
      if (in == null) {
        throw missing(
            "this program does not bring one ("
                + BROUGHT.substring(1)
                + " on the class path, as yunpipe-all has it)");
      }
      byte[] bytes = in.readAllBytes();
      return new Runner(Body.of(bytes), Sha256.of(bytes));
    } catch (IOException e) {
      throw missing(Said.of(e));
    }
  }

  private static ConfigurationException missing(String why) {
    return new ConfigurationException(
        "of wrap",
        List.of(
            "the worker's program: "
                + why
                + ". Use yunpipe-all, or name the jar that the module yunpipe-lambda makes"
                + " (yunpipe-lambda-…-programs.jar)"));
  }
}
