package io.yunpipe.config;

import com.typesafe.config.ConfigOrigin;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where something was written.
 *
 * @param source a file as it was named, or such as {@code environment variable YUNPIPE_BACKEND}
 * @param line from 1, or less if there is none
 */
record Where(String source, int line) {
  private static final Pattern LINE = Pattern.compile(": \\d+(-\\d+)?$");

  static Where of(Path file) {
    return new Where(file.toString(), -1);
  }

  static Where of(ConfigOrigin origin) {
    String file = origin.filename();
    String source = file == null ? LINE.matcher(origin.description()).replaceFirst("") : file;
    return new Where(source, origin.lineNumber());
  }

  @Override
  public String toString() {
    return line > 0 ? source + ":" + line : source;
  }
}
