package io.yunpipe.wrap;

import org.jspecify.annotations.Nullable;

/** What others said, made fit for our messages. */
final class Said {
  private static final int MAX = 300;

  private Said() {}

  /** Returns it without control characters, and not long. */
  static String shortened(@Nullable String text) {
    String clean = String.valueOf(text).strip().replaceAll("[\\p{Cc}\\p{Cf}]+", " ");
    return clean.length() <= MAX ? clean : clean.substring(0, MAX) + "…";
  }

  /** Returns a failure in words. */
  static String of(Throwable failure) {
    String message = failure.getMessage();
    String name = failure.getClass().getSimpleName();
    return message == null ? name : name + ": " + shortened(message);
  }
}
