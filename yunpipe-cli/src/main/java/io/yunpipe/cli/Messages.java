package io.yunpipe.cli;

/** What is said to a person, on standard error; data goes to standard output. */
final class Messages {
  private Messages() {}

  static void say(String message) {
    System.err.println(printed(message));
  }

  static void error(String message) {
    System.err.println("yunpipe: " + printed(message));
  }

  /** Messages quote files and names of strangers, and terminals act on what follows an escape. */
  static String printed(String message) {
    return message.replaceAll("[\\p{Cc}\\p{Cf}&&[^\n\t]]", "?");
  }

  /** Returns {@code 1 job} or {@code 3 jobs}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Returns bytes in the unit that makes them short. */
  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    String units = "KMGTP";
    int unit = 0;
    double value = bytes / 1024.0;
    while (value >= 1024 && unit < units.length() - 1) {
      value /= 1024;
      unit++;
    }
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10 + " " + units.charAt(unit) + "iB";
  }
}
