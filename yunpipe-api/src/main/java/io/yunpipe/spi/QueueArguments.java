package io.yunpipe.spi;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Checks what callers give a {@link JobQueue}, for those who write one. */
public final class QueueArguments {
  private QueueArguments() {}

  /**
   * Checks a message's body.
   *
   * @return its bytes in UTF-8
   * @throws IllegalArgumentException if it is longer than {@link JobQueue#MAX_BODY_BYTES} or no
   *     Unicode
   */
  public static byte[] body(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > JobQueue.MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "A message body may have "
              + JobQueue.MAX_BODY_BYTES
              + " bytes, but one has "
              + bytes.length);
    }
    if (!new String(bytes, StandardCharsets.UTF_8).equals(body)) {
      throw new IllegalArgumentException(
          "A message body must be well-formed Unicode, but has half of a surrogate pair");
    }
    return bytes;
  }

  /**
   * Checks a number.
   *
   * @return the number
   * @throws IllegalArgumentException if it is less than 1
   */
  public static int atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
    return value;
  }

  /**
   * Checks a time.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static void notNegative(Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but was " + value);
    }
  }
}
