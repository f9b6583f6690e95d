package io.yunpipe.local;

import io.yunpipe.spi.JobQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Checks what callers of a queue give, and brings it into the form of the logs. */
final class QueueArguments {
  private QueueArguments() {}

  static byte[] encode(String body) {
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

  /** Adds a time in milliseconds, rounded up; a time without end stays one. */
  static long after(long now, Duration time) {
    long millis = TimeUnit.MILLISECONDS.convert(time.plusNanos(999_999));
    return millis > Long.MAX_VALUE / 2 ? Long.MAX_VALUE / 2 : now + millis;
  }

  static int atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
    return value;
  }

  static void notNegative(Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but was " + value);
    }
  }
}
