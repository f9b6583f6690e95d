package io.yunpipe.aws.sqs;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the leases of one handle's messages end. Who was asleep for longer than a lease must not
 * touch it any more: not every service refuses a former holder. Thread-safe.
 */
final class Leases {
  /** Receipts are forgotten when they are settled; this is for those that never are. */
  private static final int MANY = 10_000;

  private final Clock clock;
  private final Map<String, Long> ends = new ConcurrentHashMap<>();

  Leases(Clock clock) {
    this.clock = clock;
  }

  void begin(String receipt, Duration lease) {
    long now = clock.millis();
    if (ends.size() >= MANY) {
      ends.values().removeIf(end -> end <= now);
    }
    ends.put(receipt, now + lease.toMillis());
  }

  /** Returns those whose leases have not ended, as far as this handle knows. */
  List<String> running(List<String> receipts) {
    long now = clock.millis();
    return receipts.stream()
        .filter(receipt -> ends.getOrDefault(receipt, Long.MAX_VALUE) > now)
        .toList();
  }

  /** Notes that leases end later or sooner than before; those that are not known stay so. */
  void change(List<String> receipts, Duration lease) {
    long end = clock.millis() + lease.toMillis();
    receipts.forEach(receipt -> ends.computeIfPresent(receipt, (any, before) -> end));
  }

  /** Forgets messages that were settled. */
  void end(List<String> receipts) {
    receipts.forEach(ends::remove);
  }

  int size() {
    return ends.size();
  }
}
