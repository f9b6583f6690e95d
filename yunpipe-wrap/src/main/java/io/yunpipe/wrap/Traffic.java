package io.yunpipe.wrap;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what goes over wires. Thread-safe. */
final class Traffic {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  void sent(long bytes) {
    sent.addAndGet(bytes);
  }

  void received(long bytes) {
    received.addAndGet(bytes);
  }

  long sent() {
    return sent.get();
  }

  long received() {
    return received.get();
  }
}
