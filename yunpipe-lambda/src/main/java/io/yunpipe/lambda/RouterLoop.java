package io.yunpipe.lambda;

import io.yunpipe.BackendException;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events from the queue, and ticks. */
final class RouterLoop {
  private static final Logger logger = LoggerFactory.getLogger(RouterLoop.class);

  private static final int AT_ONCE = 10;
  private static final int TOGETHER = 500;
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final OpenRouter router;
  private final JobQueue queue;
  private final Duration tick;
  private final Clock clock;
  private volatile boolean ended;

  RouterLoop(OpenRouter router, Duration tick, Clock clock) {
    this.router = router;
    this.queue = router.ingress();
    this.tick = tick;
    this.clock = clock;
  }

  /** Lets {@link #run} return when it has finished what it is at. */
  void end() {
    ended = true;
  }

  void run() {
    Instant next = clock.instant();
    while (!ended) {
      if (!clock.instant().isBefore(next)) {
        router.router().tick();
        next = clock.instant().plus(tick);
      }
      Duration left = Duration.between(clock.instant(), next);
      try {
        serve(left.isNegative() ? Duration.ZERO : left);
      } catch (BackendException e) {
        if (!e.retryable()) {
          throw e;
        }
        logger.warn("Events are not taken now, will try again: {}", e.getMessage());
      }
    }
  }

  /** Takes what waits, up to a limit: uploads that are taken together share objects. */
  private void serve(Duration patience) {
    Duration wait = patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
    List<Message> messages = new ArrayList<>(queue.receive(AT_ONCE, wait, LEASE));
    boolean more = messages.size() == AT_ONCE;
    while (more && messages.size() < TOGETHER) {
      List<Message> next = queue.receive(AT_ONCE, Duration.ZERO, LEASE);
      messages.addAll(next);
      more = !next.isEmpty();
    }
    if (messages.isEmpty()) {
      return;
    }
    List<Request> requests = new ArrayList<>();
    messages.forEach(message -> requests.add(EventReader.message(message.id(), message.body())));
    Set<String> failed = router.dispatcher().serve(requests);
    queue.acknowledge(messages.stream().filter(message -> !failed.contains(message.id())).toList());
    queue.release(
        messages.stream().filter(message -> failed.contains(message.id())).toList(), AGAIN);
  }
}
