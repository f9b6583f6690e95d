package io.yunpipe.aws.sqs;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.AwsHttp;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The queues of one account and region. Does not own its clients. Thread-safe. */
public final class SqsQueues {
  private static final Logger logger = LoggerFactory.getLogger(SqsQueues.class);

  /** Most characters of a queue's name. */
  public static final int MAX_NAME = 80;

  /** What is added to a queue's name for its dead letters. */
  public static final String DEAD = "_dead";

  private static final String RETENTION_SECONDS = Long.toString(TimeUnit.DAYS.toSeconds(14));

  /** SQS keeps the name of a deleted queue taken for a minute, and may show it for as long. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final SqsCalls calls;
  private final SqsOptions options;
  private final Executor threads = threads();

  private SqsQueues(SqsCalls calls, SqsOptions options) {
    this.calls = calls;
    this.options = options;
  }

  /** Returns the queues behind signed calls. */
  public static SqsQueues over(AwsHttp http, URI endpoint, SqsOptions options) {
    return new SqsQueues(new SignedCalls(http, endpoint), options);
  }

  /** Returns the queues behind a client of the SDK. */
  public static SqsQueues over(SqsClient client, SqsOptions options) {
    return new SqsQueues(new ClientCalls(client), options);
  }

  /** Threads that end by themselves when they have nothing to do. */
  private static Executor threads() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "yunpipe-sqs-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns a queue. Touches no network; the queue may be missing. */
  public SqsJobQueue open(String name) {
    return new SqsJobQueue(calls, QueueAddress.named(calls, name), options, threads);
  }

  /**
   * Makes a queue and one for its dead letters, or what is missing of them. Several at once do no
   * harm. After the queue was deleted it may take a minute.
   *
   * @param name the queue's name; at most {@value #MAX_NAME} characters with {@link #DEAD}
   * @param maxReceives how often a message is delivered before it becomes a dead letter
   * @param lease how long messages are withheld from others if a receiver does not say
   */
  public void create(String name, int maxReceives, Duration lease) {
    String dead = name + DEAD;
    RedrivePolicy now = redrivePolicy(name);
    if (now.target().endsWith(":" + dead) && now.allows(maxReceives) && exists(dead)) {
      return;
    }
    String deadUrl = create(dead, Map.of("MessageRetentionPeriod", RETENTION_SECONDS));
    RedrivePolicy policy = RedrivePolicy.of(arn(dead, deadUrl), maxReceives);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("MessageRetentionPeriod", RETENTION_SECONDS);
    attributes.put("VisibilityTimeout", Long.toString(Math.max(1, lease.toSeconds())));
    attributes.put("ReceiveMessageWaitTimeSeconds", "20");
    attributes.put(SqsCalls.REDRIVE_POLICY, policy.json());
    String url = create(name, attributes);
    if (!redrivePolicy(name).equals(policy)) {
      describing(
          "set the redrive policy of",
          name,
          () -> {
            calls.setAttributes(url, Map.of(SqsCalls.REDRIVE_POLICY, policy.json()));
            return url;
          });
    }
  }

  /** Returns where a queue's dead letters go; nowhere if there is no such queue. */
  private RedrivePolicy redrivePolicy(String name) {
    return describing(
        "read the redrive policy of",
        name,
        () ->
            RedrivePolicy.parse(
                calls
                    .url(name, null)
                    .map(url -> calls.attributes(url, List.of(SqsCalls.REDRIVE_POLICY)))
                    .map(attributes -> attributes.getOrDefault(SqsCalls.REDRIVE_POLICY, ""))
                    .orElse("")));
  }

  private String arn(String name, String url) {
    return describing(
        "read the ARN of",
        name,
        () -> calls.attributes(url, List.of(SqsCalls.QUEUE_ARN)).get(SqsCalls.QUEUE_ARN));
  }

  /** Returns the URL of a queue, which is made if there is none of the name. */
  private String create(String name, Map<String, String> attributes) {
    return describing(
        "create",
        name,
        () -> {
          Optional<String> there = calls.url(name, null);
          return there.isPresent() ? there.get() : createNew(name, attributes);
        });
  }

  private String createNew(String name, Map<String, String> attributes) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        String url = calls.create(name, attributes);
        logger.info("Created SQS queue {}", name);
        return url;
      } catch (SqsRefusal e) {
        if (e.exists()) {
          return calls.url(name, null).orElseThrow(() -> e);
        }
        if (!e.deletedRecently() || System.nanoTime() - end > 0) {
          throw e;
        }
        logger.info("SQS queue {} was deleted within the last minute; waiting to make it", name);
        pause(Duration.ofSeconds(5), name);
      }
    }
  }

  /** Returns whether there is a queue of the name. */
  public boolean exists(String name) {
    return describing("find", name, () -> calls.url(name, null).isPresent());
  }

  /** Returns the names of all queues with a prefix, those of dead letters included, sorted. */
  public List<String> names(String prefix) {
    return describing("list", prefix + "*", () -> calls.urls(prefix)).stream()
        .map(url -> url.substring(url.lastIndexOf('/') + 1))
        .sorted()
        .toList();
  }

  /**
   * Deletes queues with all their messages and waits until they are gone, which may take a minute.
   *
   * @return the names of those that were there
   */
  public List<String> delete(List<String> names) {
    List<String> deleted = names.stream().filter(this::delete).toList();
    deleted.forEach(this::awaitGone);
    return deleted;
  }

  private boolean delete(String name) {
    return describing(
        "delete",
        name,
        () -> {
          Optional<String> url = calls.url(name, null);
          try {
            url.ifPresent(calls::remove);
          } catch (SqsRefusal e) {
            if (!e.missing()) {
              throw e;
            }
          }
          return url.isPresent();
        });
  }

  private void awaitGone(String name) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (exists(name)) {
      if (System.nanoTime() - end > 0) {
        throw new BackendException(
            "SQS queue "
                + name
                + " was deleted, but is still there after "
                + PATIENCE.toSeconds()
                + " s. Look whether something makes it again, then clean up once more.",
            true,
            null);
      }
      pause(Duration.ofSeconds(1), name);
    }
  }

  private static void pause(Duration time, String name) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("Interrupted while waiting for SQS queue " + name, true, e);
    }
  }

  private static <T> T describing(String attempt, String queue, Supplier<T> action) {
    try {
      return action.get();
    } catch (SqsRefusal e) {
      throw e.describe(attempt, queue);
    }
  }
}
