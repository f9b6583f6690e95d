package io.yunpipe.internal.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;

/**
 * The rule for names of inputs and of files in archives: relative paths with {@code /} that can be
 * part of a key of a store and a path on any disk.
 */
public final class RelativeName {
  /** Longest name in bytes of UTF-8: a key's 1,024 less what a run puts around a name. */
  public static final int MAX_BYTES = 900;

  /** Longest part between two slashes in bytes of UTF-8, as on most disks. */
  public static final int MAX_PART_BYTES = 255;

  private RelativeName() {}

  /**
   * Returns what is wrong with a name, as the end of a sentence that begins with it, or empty.
   *
   * @param maxBytes longest name in bytes of UTF-8
   */
  public static Optional<String> problem(String name, int maxBytes) {
    if (name.startsWith("/")) {
      return Optional.of("is absolute");
    }
    if (name.indexOf('\0') >= 0) {
      return Optional.of("contains a zero byte");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      return Optional.of("is not valid Unicode");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > maxBytes) {
      return Optional.of("is too long: " + bytes + " bytes, of at most " + maxBytes);
    }
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        return Optional.of("climbs out of its folder");
      }
      if (part.isEmpty() || part.equals(".")) {
        return Optional.of("has an empty or . part");
      }
      int partBytes = part.getBytes(StandardCharsets.UTF_8).length;
      if (partBytes > MAX_PART_BYTES) {
        return Optional.of(
            "has a part that is too long: " + partBytes + " bytes, of at most " + MAX_PART_BYTES);
      }
    }
    return Optional.empty();
  }

  /** Returns what stands for a name that cannot be one; the same for the same name. */
  public static String substitute(String name) {
    return "unnameable-" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_16BE));
  }

  /** Returns a relative path's parts joined with {@code /}; an empty path gives an empty name. */
  public static String of(Path relative) {
    StringJoiner name = new StringJoiner("/");
    relative.forEach(part -> name.add(part.toString()));
    return name.toString();
  }

  /**
   * Returns whether a path can be said as text in this JVM. U+FFFD stands for bytes that could not
   * be decoded, unless the file is really named so.
   */
  public static boolean isFaithful(Path path) {
    String text = path.toString();
    if (text.indexOf('\uFFFD') < 0) {
      return true;
    }
    try {
      return path.getFileSystem().getPath(text).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Returns whether a part of the name starts with a dot. */
  public static boolean hidden(String name) {
    return name.startsWith(".") || name.contains("/.");
  }
}
