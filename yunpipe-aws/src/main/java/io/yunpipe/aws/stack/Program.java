package io.yunpipe.aws.stack;

import io.yunpipe.ConfigurationException;
import io.yunpipe.internal.Sha256;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program of the router and of machines.
 *
 * @param content the file
 * @param sha256 its checksum, hexadecimal
 */
public record Program(Content content, String sha256) {
  private static final String BROUGHT = "/io/yunpipe/aws/programs.jar";

  /**
   * Finds it.
   *
   * @param setting a file that the settings name; empty: the one on the class path
   * @throws ConfigurationException if there is none
   */
  public static Program of(String setting) {
    try {
      return setting.isEmpty() ? brought() : of(Path.of(setting));
    } catch (IOException e) {
      throw missing(setting, e.toString());
    }
  }

  private static Program of(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw missing(file.toString(), "there is no such file");
    }
    return new Program(Content.of(file), Sha256.of(file));
  }

  private static Program brought() throws IOException {
    Resource resource = new Resource();
    try (InputStream in = resource.open()) {
      return new Program(resource, Sha256.of(in.readAllBytes()));
    }
  }

  private static ConfigurationException missing(String setting, String why) {
    return new ConfigurationException(
        "of the backend aws",
        List.of(
            setting.isEmpty()
                ? "the router's program: yunpipe.aws.programs names no file, and this program does"
                    + " not bring one ("
                    + BROUGHT.substring(1)
                    + " on the class path, as yunpipe-all has it). Use yunpipe-all, or set"
                    + " yunpipe.aws.programs to its jar"
                : "yunpipe.aws.programs: the router's program cannot be read from "
                    + setting
                    + ": "
                    + why));
  }

  /** The program that the library brings. */
  private static final class Resource implements Content {
    @Override
    public InputStream open() throws IOException {
      @Nullable InputStream in = Program.class.getResourceAsStream(BROUGHT);
      if (in == null) {
        throw missing("", "");
      }
      return in;
    }

    @Override
    public long size() {
      return -1;
    }
  }
}
