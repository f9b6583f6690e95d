package io.yunpipe.aws.s3;

import io.yunpipe.spi.ObjectKeys;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Keys and prefixes as S3 takes them. */
final class S3Keys {
  private static final String PLAIN = "-._~/";

  private S3Keys() {}

  /** Returns a prefix with one slash at its end, or nothing. */
  static String folder(String prefix) {
    int start = 0;
    int end = prefix.length();
    while (start < end && prefix.charAt(start) == '/') {
      start++;
    }
    while (end > start && prefix.charAt(end - 1) == '/') {
      end--;
    }
    return start == end ? "" : ObjectKeys.check(prefix.substring(start, end)) + "/";
  }

  /** Returns a path in which all but unreserved characters and slashes are percent-encoded. */
  static String encoded(String key) {
    StringBuilder path = new StringBuilder(key.length() + 16);
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        path.append(c);
      } else {
        path.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return path.toString();
  }

  /** Returns whether any legal key may start so. */
  static boolean startsKeys(String prefix) {
    if (prefix.startsWith("/") || prefix.indexOf('\0') >= 0 || prefix.contains("//")) {
      return false;
    }
    for (int start = 0, end = prefix.indexOf('/');
        end >= 0;
        start = end + 1, end = prefix.indexOf('/', start)) {
      String part = prefix.substring(start, end);
      if (part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
