package io.yunpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Asks until the answer is right: for services that answer approximately for a while. */
final class Eventually {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private Eventually() {}

  static <T> void assertThatEventually(Supplier<T> actual, T expected) {
    long start = System.nanoTime();
    T last = actual.get();
    while (!last.equals(expected) && System.nanoTime() - start < LIMIT_NANOS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      last = actual.get();
    }
    assertThat(last).isEqualTo(expected);
  }
}
