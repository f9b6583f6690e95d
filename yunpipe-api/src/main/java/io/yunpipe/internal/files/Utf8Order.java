package io.yunpipe.internal.files;

import java.util.Comparator;

/** Orders names by their bytes in UTF-8, as object stores list keys. */
public final class Utf8Order implements Comparator<String> {
  /** The only instance. */
  public static final Utf8Order INSTANCE = new Utf8Order();

  private Utf8Order() {}

  @Override
  public int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // UTF-16 puts surrogates before U+E000 to U+FFFF; UTF-8 puts what they encode after.
        boolean highA = Character.isSurrogate(a);
        boolean highB = Character.isSurrogate(b);
        return highA == highB ? Character.compare(a, b) : highA ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
