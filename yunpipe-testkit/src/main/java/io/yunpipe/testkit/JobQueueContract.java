package io.yunpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueDepth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;

/**
 * What every {@link JobQueue} promises, ours or not. Extend it, say how to make a queue and how
 * time passes:
 *
 * <pre>{@code
 * class MyQueueTest extends JobQueueContract {
 *   protected JobQueue newQueue() { … }
 *   protected void advance(Duration time) { clock.advance(time); }
 * }
 * }</pre>
 *
 * <p>The queues it makes deliver a message {@link #maxReceives()} times. Where the implementation
 * lets several processes share a queue, override {@link #secondHandle()} too.
 */
@ResourceLock(
    value = JobQueueContract.MACHINE,
    mode = ResourceAccessMode.READ,
    target = ResourceLockTarget.CHILDREN)
public abstract class JobQueueContract extends JobQueueDeliveryContract {
  /** Tests with many threads run alone where others run side by side: they would slow those. */
  static final String MACHINE = "io.yunpipe.testkit.machine";

  /** How much longer than promised a call may take on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(15);

  /** Returns how many messages many threads share; 10,000 by default, fewer for a slow service. */
  protected int many() {
    return 10_000;
  }

  // ---- waiting

  @Test
  void receive_ofAnEmptyQueue_returnsAfterTheWait() {
    long start = System.nanoTime();
    assertThat(queue().receive(1, Duration.ofMillis(300), LEASE)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SLACK);
  }

  @Test
  @Timeout(60)
  void receive_waiting_returnsEarlyWhenAMessageArrives() throws Exception {
    assertWaiterGets("a", () -> queue().send(List.of("a"), Duration.ZERO));
  }

  @Test
  @Timeout(60)
  void receive_waiting_returnsEarlyWhenAnotherHandleSends() throws Exception {
    assertWaiterGets("a", () -> secondHandle().send(List.of("a"), Duration.ZERO));
  }

  @Test
  @Timeout(60)
  void receive_waiting_returnsEarlyWhenAMessageIsReleased() throws Exception {
    send("a");
    List<Message> held = receiveAll(1);
    assertWaiterGets("a", () -> queue().release(held, Duration.ZERO));
  }

  @Test
  @Timeout(60)
  void receive_waiting_returnsEarlyWhenADelayOrALeaseEnds() throws Exception {
    queue().send(List.of("delayed"), Duration.ofSeconds(2));
    assertWaiterGets("delayed", () -> advance(Duration.ofSeconds(3)));
    send("leased");
    queue().receive(1, Duration.ZERO, Duration.ofSeconds(2));
    assertWaiterGets("leased", () -> advance(Duration.ofSeconds(3)));
  }

  /** Starts a long receive, lets something happen, and expects the message well before its end. */
  private void assertWaiterGets(String body, Runnable happening) throws Exception {
    Duration wait = Duration.ofSeconds(20);
    long start = System.nanoTime();
    CompletableFuture<Void> happened =
        CompletableFuture.runAsync(
            happening, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
    assertThat(queue().receive(1, wait, LEASE)).extracting(Message::body).containsExactly(body);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(wait);
    happened.get();
  }

  // ---- threads

  @Test
  @ResourceLock(MACHINE)
  @Timeout(300)
  void messages_drainedByManyThreads_areDeliveredExactlyOnce() throws Exception {
    int count = many();
    List<String> bodies = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    queue().send(bodies, Duration.ZERO);
    CountDownLatch left = new CountDownLatch(count);
    Queue<Message> seen = new ConcurrentLinkedQueue<>();
    inThreads(Collections.nCopies(16, drain(queue(), 10, left, seen)));
    assertThat(seen).extracting(Message::body).containsExactlyInAnyOrderElementsOf(bodies);
    assertThat(seen).extracting(Message::receives).containsOnly(1);
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  @Test
  @ResourceLock(MACHINE)
  @Timeout(300)
  void messages_sentWhileOthersReceive_areDeliveredExactlyOnce() throws Exception {
    int senders = 4;
    int each = 300;
    CountDownLatch left = new CountDownLatch(senders * each);
    Queue<Message> seen = new ConcurrentLinkedQueue<>();
    List<Callable<@Nullable Void>> tasks = new ArrayList<>();
    JobQueue other = secondHandle();
    for (int s = 0; s < senders; s++) {
      String name = "sender " + s + " message ";
      JobQueue to = s % 2 == 0 ? queue() : other;
      tasks.add(
          () -> {
            for (int i = 0; i < each; i += 3) {
              to.send(List.of(name + i, name + (i + 1), name + (i + 2)), Duration.ZERO);
            }
            return null;
          });
      tasks.add(drain(s % 2 == 0 ? other : queue(), 5, left, seen));
    }
    inThreads(tasks);
    assertThat(seen).hasSize(senders * each).extracting(Message::body).doesNotHaveDuplicates();
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  private static Callable<@Nullable Void> drain(
      JobQueue from, int max, CountDownLatch left, Queue<Message> seen) {
    return () -> {
      while (left.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
        List<Message> some = from.receive(max, Duration.ofMillis(500), Duration.ofMinutes(10));
        seen.addAll(some);
        from.acknowledge(some);
        some.forEach(message -> left.countDown());
      }
      return null;
    };
  }

  // ---- several handles

  @Test
  void handles_onOneQueue_shareMessagesLeasesAndAcknowledgements() {
    JobQueue other = secondHandle();
    send("a", "b");
    List<Message> mine = receiveAll(1);
    List<Message> theirs = receiveAll(other, 1, LEASE);
    assertThat(theirs.get(0).id()).isNotEqualTo(mine.get(0).id());
    assertThat(other.receive(10, Duration.ZERO, LEASE)).as("both leased").isEmpty();
    other.acknowledge(mine); // through any handle
    other.release(theirs, Duration.ZERO);
    Message again = receiveOne();
    assertThat(again.id()).isEqualTo(theirs.get(0).id());
    assertThat(again.receives()).isEqualTo(2);
    other.send(List.of("c"), Duration.ZERO);
    assertThat(receiveOne().body()).isEqualTo("c");
  }

  @Test
  void close_twice_isHarmless() {
    JobQueue other = newQueue();
    other.close();
    other.close();
  }

  // ---- steps

  /** Runs tasks side by side; when one fails, interrupts the others. */
  private static void inThreads(List<? extends Callable<@Nullable Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      CompletionService<@Nullable Void> running = new ExecutorCompletionService<>(threads);
      tasks.forEach(running::submit);
      for (int i = 0; i < tasks.size(); i++) {
        @Nullable Void ignored = running.take().get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
