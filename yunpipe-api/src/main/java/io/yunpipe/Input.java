package io.yunpipe;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** One input of a run: a name and a content. Immutable and thread-safe. */
public final class Input {
  private final String name;
  private final Content content;

  /** Where an input's bytes come from. */
  sealed interface Content {
    /** A file of this machine. */
    record File(Path path) implements Content {}

    /** Bytes in memory; small ones travel with the job instead of being stored as an object. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Bytes(byte[] bytes) implements Content {}
  }

  private Input(String name, Content content) {
    this.name = checkName(name);
    this.content = content;
  }

  /** Returns a file under its own name. */
  public static Input of(Path file) {
    return of(String.valueOf(file.getFileName()), file);
  }

  /**
   * Returns a file under a name.
   *
   * @param name relative path with {@code /} that the results mirror, such as {@code plate-a/x.png}
   * @throws IllegalArgumentException if the name is empty, absolute, or climbs with {@code ..}
   */
  public static Input of(String name, Path file) {
    return new Input(name, new Content.File(file));
  }

  /** Returns bytes under a name. The array is not copied. */
  public static Input bytes(String name, byte[] content) {
    return new Input(name, new Content.Bytes(content));
  }

  /** Returns text, as UTF-8, under a name. */
  public static Input text(String name, String content) {
    return bytes(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the name: a relative path with {@code /}. */
  public String name() {
    return name;
  }

  /** Returns the file, if this input is one. */
  public Optional<Path> file() {
    return content instanceof Content.File file ? Optional.of(file.path()) : Optional.empty();
  }

  /** Returns the bytes, if this input is in memory. Not copied. */
  public Optional<byte[]> bytes() {
    return content instanceof Content.Bytes bytes ? Optional.of(bytes.bytes()) : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }

  private static String checkName(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "input name must be a relative path without empty, . or .. parts, but was \""
                + name
                + "\"");
      }
    }
    return name;
  }
}
