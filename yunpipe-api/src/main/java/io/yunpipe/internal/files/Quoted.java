package io.yunpipe.internal.files;

/** Shows names in messages so that they stay on one line and cannot forge another. */
public final class Quoted {
  private static final int LONGEST = 300;

  private Quoted() {}

  /** Returns the name in quotes; control characters are escaped, very long names are cut. */
  public static String of(Object name) {
    String text = name.toString();
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        quoted.append("\\n");
      } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(end < text.length() ? "…\"" : "\"").toString();
  }
}
