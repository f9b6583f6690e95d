package io.yunpipe.aws.sqs;

import io.yunpipe.BackendException;
import io.yunpipe.aws.sqs.SqsCalls.Incoming;
import io.yunpipe.aws.sqs.SqsCalls.Outgoing;
import io.yunpipe.aws.sqs.SqsCalls.Refused;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueArguments;
import io.yunpipe.spi.QueueDepth;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standard queue in SQS. Times are rounded up to whole seconds. Opening one touches no network;
 * the first call looks for the queue. Thread-safe.
 *
 * <p>What SQS limits: a message is held back for at most 15 minutes when it is sent, longer delays
 * are shortened to that; and it is leased, or given back with a delay, for at most 12 hours since
 * it was received, after which it is offered again.
 *
 * <p>{@link #close} ends the waits of this handle at once. Messages can still be given back and
 * acknowledged then.
 */
public final class SqsJobQueue implements JobQueue {
  private static final Logger logger = LoggerFactory.getLogger(SqsJobQueue.class);

  /**
   * Bytes of a batch. SQS takes four times as many, but other servers of the protocol do not, and
   * it charges for every 64 KiB.
   */
  private static final int MAX_BATCH_BYTES = 256 * 1024;

  private static final long MAX_WAIT_SECONDS = 20;
  private static final long MAX_DELAY_SECONDS = TimeUnit.MINUTES.toSeconds(15);
  private static final long MAX_LEASE_SECONDS = TimeUnit.HOURS.toSeconds(12);

  /** What SQS says of a message that is gone, or leased to another. */
  private static final Set<String> STALE =
      Set.of("ReceiptHandleIsInvalid", "MessageNotInflight", "InvalidParameterValue");

  private final SqsCalls calls;
  private final QueueAddress address;
  private final SqsOptions options;
  private final Executor threads;
  private final Batches batches;
  private final LongPolls<List<Incoming>> polls;
  private final Leases leases = new Leases(Clock.systemUTC());
  private @Nullable SqsJobQueue deadLetters;

  SqsJobQueue(SqsCalls calls, QueueAddress address, SqsOptions options, Executor threads) {
    this.calls = calls;
    this.address = address;
    this.options = options;
    this.threads = threads;
    this.batches = new Batches(threads, options.parallelism());
    this.polls = new LongPolls<>(threads, List.of(), this::giveBackLate);
  }

  @Override
  public void send(List<String> bodies, Duration delay) {
    QueueArguments.notNegative(delay, "delay");
    bodies.forEach(QueueArguments::body);
    if (bodies.isEmpty()) {
      return;
    }
    int seconds = seconds(delay, MAX_DELAY_SECONDS);
    inBatches(
        "send to",
        batched(bodies),
        batch -> calls.send(address.url(), batch, seconds),
        refused -> false);
  }

  private List<List<Outgoing>> batched(List<String> bodies) {
    List<List<Outgoing>> all = new ArrayList<>();
    List<Outgoing> batch = new ArrayList<>();
    int bytes = 0;
    for (String body : bodies) {
      String encoded = Bodies.encode(body);
      int length = encoded.getBytes(StandardCharsets.UTF_8).length;
      if (batch.size() == SqsCalls.MAX_ENTRIES
          || (!batch.isEmpty() && bytes + length > MAX_BATCH_BYTES)) {
        all.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(new Outgoing(encoded, options.fair() ? Tenant.of(body) : null));
      bytes += length;
    }
    all.add(batch);
    return all;
  }

  @Override
  public List<Message> receive(int max, Duration wait, Duration lease) {
    QueueArguments.atLeastOne(max, "max");
    QueueArguments.notNegative(wait, "wait");
    QueueArguments.notNegative(lease, "lease");
    int leaseSeconds = Math.max(1, seconds(lease, MAX_LEASE_SECONDS));
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(wait);
    List<Message> received = new ArrayList<>();
    boolean full;
    do {
      int some = Math.min(max - received.size(), SqsCalls.MAX_ENTRIES);
      long left = received.isEmpty() ? end - System.nanoTime() : 0;
      List<Incoming> more = receive(some, left, leaseSeconds);
      more.forEach(message -> accept(message, leaseSeconds, received));
      full = more.size() == some && received.size() < max;
    } while (!polls.isClosed() && (full || (received.isEmpty() && System.nanoTime() - end < 0)));
    return received;
  }

  private List<Incoming> receive(int max, long leftNanos, int leaseSeconds) {
    if (polls.isClosed()) {
      return List.of();
    }
    int waitSeconds = seconds(Duration.ofNanos(Math.max(0, leftNanos)), MAX_WAIT_SECONDS);
    Supplier<List<Incoming>> call =
        () -> calls.receive(address.url(), max, waitSeconds, leaseSeconds);
    return describing("receive from", () -> waitSeconds == 0 ? call.get() : polls.await(call));
  }

  private void accept(Incoming message, int leaseSeconds, List<Message> received) {
    if (!message.md5().isEmpty() && !message.md5().equals(Bodies.md5(message.body()))) {
      logger.warn(
          "Message {} of SQS queue {} arrived damaged; it comes again when its lease ends",
          message.id(),
          address);
      return;
    }
    leases.begin(message.receipt(), Duration.ofSeconds(leaseSeconds));
    received.add(
        new Message(
            message.id(), Bodies.decode(message.body()), message.receipt(), message.receives()));
  }

  /** What arrives for a wait that has ended is for others. */
  private void giveBackLate(List<Incoming> messages) {
    if (!messages.isEmpty()) {
      try {
        changeVisibility("release", messages.stream().map(Incoming::receipt).toList(), 0);
      } catch (BackendException e) {
        logger.warn("Could not give back what came too late: {}", e.getMessage());
      }
    }
  }

  @Override
  public void extend(Collection<Message> messages, Duration lease) {
    QueueArguments.notNegative(lease, "lease");
    List<String> receipts = leases.running(receipts(messages));
    int seconds = seconds(lease, MAX_LEASE_SECONDS);
    changeVisibility("extend leases of", receipts, seconds);
    leases.change(receipts, Duration.ofSeconds(seconds));
  }

  @Override
  public void release(Collection<Message> messages, Duration delay) {
    QueueArguments.notNegative(delay, "delay");
    List<String> receipts = receipts(messages);
    changeVisibility(
        "give messages back to", leases.running(receipts), seconds(delay, MAX_LEASE_SECONDS));
    // Known as ended from now on, so that nothing later is done with them.
    leases.change(receipts, Duration.ZERO);
  }

  private static List<String> receipts(Collection<Message> messages) {
    return messages.stream().map(Message::receipt).toList();
  }

  private void changeVisibility(String attempt, List<String> receipts, int seconds) {
    inBatches(
        attempt,
        byTen(receipts),
        batch -> calls.changeVisibility(address.url(), batch, seconds),
        this::stale);
  }

  @Override
  public void acknowledge(Collection<Message> messages) {
    List<String> receipts = receipts(messages);
    inBatches(
        "acknowledge messages of",
        byTen(receipts),
        batch -> calls.delete(address.url(), batch),
        this::stale);
    leases.end(receipts);
  }

  private boolean stale(Refused refused) {
    if (refused.message().contains("beyond the limit")) {
      logger.warn(
          "A message of SQS queue {} was held for 12 hours, the most there is; its job may be given"
              + " to another worker as well: {}",
          address,
          refused.message());
      return true;
    }
    return STALE.stream().anyMatch(refused.code()::contains);
  }

  private static List<List<String>> byTen(List<String> receipts) {
    List<List<String>> all = new ArrayList<>();
    for (int start = 0; start < receipts.size(); start += SqsCalls.MAX_ENTRIES) {
      all.add(receipts.subList(start, Math.min(receipts.size(), start + SqsCalls.MAX_ENTRIES)));
    }
    return all;
  }

  private <T> void inBatches(
      String attempt,
      List<List<T>> all,
      Function<List<T>, List<Refused>> action,
      Predicate<Refused> harmless) {
    describing(
        attempt,
        () -> {
          try {
            batches.run(all, action, harmless);
            return null;
          } catch (Batches.Undone e) {
            throw new BackendException(
                "Could not %s SQS queue %s: %d of %d entries are done, then it said: %s%s%s"
                    .formatted(
                        attempt,
                        address,
                        e.done(),
                        all.stream().mapToInt(List::size).sum(),
                        e.getMessage(),
                        String.valueOf(e.getMessage()).endsWith(".") ? " " : ". ",
                        e.passing() ? "Try again later." : "Check the queue's settings."),
                e.passing(),
                e);
          }
        });
  }

  private <T extends @Nullable Object> T describing(String attempt, Supplier<T> action) {
    try {
      return action.get();
    } catch (SqsRefusal e) {
      if (e.missing()) {
        address.forget();
      }
      throw e.describe(attempt, address.toString());
    }
  }

  @Override
  public QueueDepth depth() {
    Map<String, String> depth =
        describing(
            "read the depth of",
            () ->
                calls.attributes(
                    address.url(),
                    List.of(SqsCalls.VISIBLE, SqsCalls.NOT_VISIBLE, SqsCalls.DELAYED)));
    return new QueueDepth(
        number(depth, SqsCalls.VISIBLE),
        number(depth, SqsCalls.NOT_VISIBLE),
        number(depth, SqsCalls.DELAYED));
  }

  private static long number(Map<String, String> attributes, String name) {
    return Long.parseLong(attributes.getOrDefault(name, "0"));
  }

  @Override
  public synchronized JobQueue deadLetters() {
    if (address.ofDeadLetters()) {
      throw new UnsupportedOperationException("This is the queue of dead letters; it has none");
    }
    if (deadLetters == null || deadLetters.polls.isClosed()) {
      deadLetters = new SqsJobQueue(calls, address.deadLetters(), options, threads);
    }
    return deadLetters;
  }

  private static int seconds(Duration time, long most) {
    Duration roundedUp =
        time.compareTo(Duration.ofSeconds(most)) >= 0
            ? Duration.ofSeconds(most)
            : time.plusNanos(999_999_999);
    return (int) roundedUp.toSeconds();
  }

  @Override
  public void close() {
    polls.close();
    synchronized (this) {
      if (deadLetters != null) {
        deadLetters.close();
      }
    }
  }

  @Override
  public String toString() {
    return "SQS queue " + address;
  }
}
