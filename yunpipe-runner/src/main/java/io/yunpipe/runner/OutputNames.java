package io.yunpipe.runner;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rule for names of files below a job's folders: parts of keys in any store. */
final class OutputNames {
  /** A key has 1,024 bytes, of which the run, stage, job and attempt take some. */
  static final int MAX_BYTES = 768;

  static final int MAX_PART_BYTES = 255;

  private OutputNames() {}

  /** Returns what is wrong with a name, to be read after "its name", or null if nothing is. */
  static @Nullable String problem(String name) {
    if (name.isEmpty()) {
      return "is empty";
    }
    if (name.indexOf('\0') >= 0) {
      return "holds a NUL character";
    }
    boolean simple = name.length() * 3 <= MAX_PART_BYTES;
    for (int start = 0; start <= name.length(); ) {
      int end = name.indexOf('/', start);
      end = end < 0 ? name.length() : end;
      String part = name.substring(start, end);
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return "must be relative, without empty, '.' or '..' parts, but is '" + name + "'";
      }
      if (!simple && bytes(part) > MAX_PART_BYTES) {
        return "has a part of more than " + MAX_PART_BYTES + " bytes: '" + part + "'";
      }
      start = end + 1;
    }
    if (!simple && bytes(name) > MAX_BYTES) {
      return "has more than "
          + MAX_BYTES
          + " bytes (a key may have 1,024 with the run's own part): '"
          + name
          + "'";
    }
    if (name.indexOf('\uFFFD') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      return "is not valid UTF-8: '" + name + "'";
    }
    return null;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
