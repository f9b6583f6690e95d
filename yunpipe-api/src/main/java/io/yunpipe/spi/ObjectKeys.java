package io.yunpipe.spi;

import java.util.Comparator;

/** The rule for keys and their order, for those who write a store. */
public final class ObjectKeys {
  /** Most bytes of a key in UTF-8. */
  public static final int MAX_BYTES = 1024;

  /** Most bytes in UTF-8 between two slashes of a key. */
  public static final int MAX_PART_BYTES = 255;

  /** Order of the strings' UTF-8 bytes, which is the order of listings. */
  public static final Comparator<String> ORDER = ObjectKeys::compare;

  private ObjectKeys() {}

  /**
   * Checks a key.
   *
   * @return the key
   * @throws IllegalArgumentException if it breaks the rule of {@link ObjectStore}
   */
  public static String check(String key) {
    int total = 0;
    int part = 0;
    int start = 0;
    for (int i = 0; i <= key.length(); i++) {
      char c = i < key.length() ? key.charAt(i) : '/';
      if (c == '/') {
        checkPart(key, key.substring(start, i), part);
        total += part + 1;
        part = 0;
        start = i + 1;
      } else if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < key.length()
                && Character.isLowSurrogate(key.charAt(i + 1));
        if (!pair) {
          throw bad(key, "it is not valid Unicode");
        }
        part += 4;
        i++;
      } else if (c == 0) {
        throw bad(key, "it contains the character U+0000");
      } else {
        part += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    if (total - 1 > MAX_BYTES) {
      throw bad(key, "it has more than " + MAX_BYTES + " bytes in UTF-8");
    }
    return key;
  }

  private static void checkPart(String key, String part, int bytes) {
    if (part.isEmpty()) {
      throw bad(key, "it has an empty part");
    }
    if (part.equals(".") || part.equals("..")) {
      throw bad(key, "it has the part '" + part + "'");
    }
    if (bytes > MAX_PART_BYTES) {
      throw bad(key, "a part has more than " + MAX_PART_BYTES + " bytes in UTF-8");
    }
  }

  private static IllegalArgumentException bad(String key, String why) {
    return new IllegalArgumentException(
        "key must be a relative path such as \"raw/a.png\", but was \"" + key + "\": " + why);
  }

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return rank(x) - rank(y);
      }
    }
    return a.length() - b.length();
  }

  /** Puts surrogates, which stand for characters above U+FFFF, after all others. */
  private static int rank(char c) {
    return c < 0xD800 ? c : c < 0xE000 ? c + 0x2000 : c - 0x800;
  }
}
