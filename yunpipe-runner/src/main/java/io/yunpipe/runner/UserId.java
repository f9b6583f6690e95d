package io.yunpipe.runner;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user and a group by number. */
record UserId(int uid, int gid) {
  /** The user that has no rights to anything, on every Linux. */
  static final UserId NOBODY = new UserId(65534, 65534);

  private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})(?::(\\d{1,9}))?");

  /**
   * Reads {@code uid} or {@code uid:gid}; the group has the user's number if it is left out.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static UserId parse(String text) {
    Matcher numbers = FORMAT.matcher(text);
    if (!numbers.matches()) {
      throw new IllegalArgumentException(
          "expected a user as numbers, uid or uid:gid, but found \"" + text + "\"");
    }
    String group = numbers.group(2);
    int uid = Integer.parseInt(numbers.group(1));
    return new UserId(uid, group == null ? uid : Integer.parseInt(group));
  }

  @Override
  public String toString() {
    return uid + ":" + gid;
  }
}
