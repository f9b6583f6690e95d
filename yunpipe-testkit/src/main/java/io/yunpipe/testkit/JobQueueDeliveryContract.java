package io.yunpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueDepth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of {@link JobQueueContract} that needs one thread only. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class JobQueueDeliveryContract {
  /** Long enough that no test outlives it on a real service. */
  protected static final Duration LEASE = Duration.ofSeconds(30);

  private JobQueue queue;

  /**
   * Returns a new, empty queue that delivers a message {@link #maxReceives()} times before it
   * becomes a dead letter.
   */
  protected abstract JobQueue newQueue();

  /** Lets time pass: moves the queue's clock, or waits where the clock is a real service's. */
  protected abstract void advance(Duration time);

  /** Returns how often a message is delivered before it becomes a dead letter; 3 by default. */
  protected int maxReceives() {
    return 3;
  }

  /**
   * Returns another handle on the queue that {@link #newQueue()} made last, as another process
   * would have it; the same handle by default.
   */
  protected JobQueue secondHandle() {
    return queue;
  }

  /**
   * Returns whether who lost a lease can no longer change it; a service that lets them only makes a
   * job be done twice. True by default.
   */
  protected boolean endsFormerLeases() {
    return true;
  }

  @BeforeEach
  final void openQueue() {
    queue = newQueue();
  }

  @AfterEach
  final void closeQueue() {
    queue.close();
  }

  // ---- sending and receiving

  @Test
  void receive_emptyQueue_returnsNothing() {
    assertThat(queue.receive(10, Duration.ZERO, LEASE)).isEmpty();
  }

  @Test
  void message_sent_isReceivedOnceWithItsBody() {
    send("a");
    Message message = receiveOne();
    assertThat(message.body()).isEqualTo("a");
    assertThat(message.id()).isNotBlank();
    assertThat(message.receipt()).isNotBlank();
    assertThat(message.receives()).isEqualTo(1);
    assertNothingReady("while leased");
  }

  @Test
  void messages_sentTogether_areAllReceivedAndNeverMoreThanMax() {
    List<String> bodies = IntStream.range(0, 250).mapToObj(i -> "body " + i).toList();
    queue.send(bodies, Duration.ZERO);
    List<Message> all = new ArrayList<>();
    while (all.size() < bodies.size()) {
      List<Message> some = queue.receive(7, Duration.ofSeconds(5), LEASE);
      assertThat(some).as("after %d messages", all.size()).isNotEmpty().hasSizeLessThanOrEqualTo(7);
      all.addAll(some);
    }
    assertThat(all).extracting(Message::body).containsExactlyInAnyOrderElementsOf(bodies);
    assertThat(all).extracting(Message::id).doesNotHaveDuplicates();
    assertThat(all).extracting(Message::receipt).doesNotHaveDuplicates();
  }

  @Test
  void send_ofNothing_doesNothing() {
    queue.send(List.of(), Duration.ZERO);
    assertNothingReady("after sending nothing");
  }

  @Test
  void receive_maxOfOne_leavesTheRest() {
    send("a", "b");
    assertThat(queue.receive(1, Duration.ZERO, LEASE)).hasSize(1);
    assertThat(queue.receive(1, Duration.ZERO, LEASE)).hasSize(1);
    assertNothingReady("after both");
  }

  @Test
  void receive_maxBelowOne_isRefused() {
    assertThatThrownBy(() -> queue.receive(0, Duration.ZERO, LEASE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bodies_ofAnyText_arriveUnchanged() {
    List<String> bodies =
        List.of(
            "Größe: 3 µm",
            "細胞の数.png",
            "e\u0301 is not \u00e9",
            "\uD83D\uDD2C\uD83E\uDDEB",
            "two\nlines\tand a tab\r\n",
            " blanks around ",
            "{\"v\":1,\"path\":\"a b+c%20\\\"d\\\"\"}",
            "<tag attr='x'>&amp;</tag>",
            "\uFFFD \uFFFC \uE000");
    queue.send(bodies, Duration.ZERO);
    assertThat(receiveAll(bodies.size()))
        .extracting(Message::body)
        .containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void body_ofTheGreatestLength_isCarried() {
    String ascii = "x".repeat(JobQueue.MAX_BODY_BYTES);
    String twoBytes = "é".repeat(JobQueue.MAX_BODY_BYTES / 2);
    send(ascii, twoBytes);
    assertThat(receiveAll(2))
        .extracting(Message::body)
        .usingElementComparator((a, b) -> a.equals(b) ? 0 : 1) // keeps a failure's text short
        .containsExactlyInAnyOrder(ascii, twoBytes);
  }

  @Test
  void body_tooLong_isRefusedAndNothingIsSent() {
    String long1 = "x".repeat(JobQueue.MAX_BODY_BYTES + 1);
    String long2 = "é".repeat(JobQueue.MAX_BODY_BYTES / 2 + 1);
    for (String body : List.of(long1, long2)) {
      assertThatThrownBy(() -> queue.send(List.of("short", body), Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(JobQueue.MAX_BODY_BYTES));
    }
    assertNothingReady("after refused messages");
  }

  // ---- delay

  @Test
  void message_sentWithDelay_isHeldBackUntilThen() {
    queue.send(List.of("later"), Duration.ofSeconds(2));
    send("now");
    assertThat(receiveOne().body()).isEqualTo("now");
    assertNothingReady("before the delay is over");
    advance(Duration.ofSeconds(3));
    assertThat(receiveOne().body()).isEqualTo("later");
  }

  // ---- leases

  @Test
  void message_notAcknowledged_isOfferedAgainWhenItsLeaseEnds() {
    send("a");
    Duration lease = Duration.ofSeconds(2);
    Message first = queue.receive(1, Duration.ZERO, lease).get(0); // taken, then the worker dies
    assertNothingReady("while leased");
    advance(lease.plusSeconds(1));
    Message second = receiveOne();
    assertThat(second.body()).isEqualTo("a");
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.receipt()).isNotEqualTo(first.receipt());
    assertThat(second.receives()).isEqualTo(2);
  }

  @Test
  void lease_extended_endsLater() {
    send("a");
    List<Message> held = queue.receive(1, Duration.ZERO, Duration.ofSeconds(3));
    advance(Duration.ofSeconds(1));
    queue.extend(held, Duration.ofSeconds(6));
    advance(Duration.ofSeconds(3));
    assertNothingReady("within the extended lease");
    advance(Duration.ofSeconds(4));
    assertThat(receiveOne().receives()).isEqualTo(2);
  }

  @Test
  void lease_extendedToLess_endsSooner() {
    send("a");
    queue.extend(queue.receive(1, Duration.ZERO, LEASE), Duration.ofSeconds(1));
    advance(Duration.ofSeconds(2));
    assertThat(receiveOne().body()).isEqualTo("a");
  }

  @Test
  void lease_lostToAnother_isNotExtendedByTheFormerHolder() {
    assumeTrue(endsFormerLeases(), "this service lets a former holder change a lease");
    List<Message> former = loseLease("a");
    List<Message> current = queue.receive(1, Duration.ZERO, Duration.ofSeconds(3));
    queue.extend(former, LEASE);
    advance(Duration.ofSeconds(4));
    assertThat(receiveOne().id()).isEqualTo(current.get(0).id());
  }

  @Test
  void extend_ofSomeThatAreGone_extendsTheOthers() {
    send("a", "b");
    List<Message> held = receiveAll(2, Duration.ofSeconds(3));
    queue.acknowledge(held.subList(0, 1));
    queue.extend(held, LEASE);
    advance(Duration.ofSeconds(4));
    assertNothingReady("one acknowledged, one extended");
  }

  // ---- release

  @Test
  void message_released_isOfferedAgainAtOnce() {
    send("a");
    queue.release(queue.receive(1, Duration.ZERO, LEASE), Duration.ZERO);
    assertThat(receiveOne().receives()).isEqualTo(2);
  }

  @Test
  void message_releasedWithDelay_isOfferedAgainThen() {
    send("a");
    queue.release(queue.receive(1, Duration.ZERO, LEASE), Duration.ofSeconds(2));
    assertNothingReady("before the delay is over");
    advance(Duration.ofSeconds(3));
    assertThat(receiveOne().body()).isEqualTo("a");
  }

  @Test
  void lease_lostToAnother_isNotReleasedByTheFormerHolder() {
    assumeTrue(endsFormerLeases(), "this service lets a former holder change a lease");
    List<Message> former = loseLease("a");
    receiveOne();
    queue.release(former, Duration.ZERO);
    assertNothingReady("the other still holds it");
  }

  @Test
  void release_ofWhatIsAcknowledged_doesNotBringItBack() {
    send("a");
    List<Message> held = queue.receive(1, Duration.ZERO, LEASE);
    queue.acknowledge(held);
    queue.release(held, Duration.ZERO);
    assertNothingReady("acknowledged before");
  }

  // ---- acknowledgement

  @Test
  void message_acknowledged_isNeverOfferedAgain() {
    send("a");
    queue.acknowledge(queue.receive(1, Duration.ZERO, Duration.ofSeconds(1)));
    advance(Duration.ofSeconds(2));
    assertNothingReady("acknowledged");
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  @Test
  void acknowledge_twice_isHarmless() {
    send("a", "b");
    List<Message> held = receiveAll(2);
    queue.acknowledge(held.subList(0, 1));
    queue.acknowledge(held);
    queue.acknowledge(held);
    queue.acknowledge(List.of());
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  @Test
  void acknowledge_afterItsLeaseEnded_removesTheMessage() {
    List<Message> former = loseLease("a");
    queue.acknowledge(former);
    assertNothingReady("acknowledged, if late");
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  /** A service may take a former holder's word that the work is done, or wait for the other's. */
  @Test
  void acknowledge_byAFormerHolder_doesNotDisturbTheOther() {
    List<Message> former = loseLease("a");
    List<Message> current = queue.receive(1, Duration.ZERO, LEASE);
    queue.acknowledge(former);
    assertThatCode(() -> queue.extend(current, LEASE)).doesNotThrowAnyException();
    queue.acknowledge(current);
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  // ---- dead letters

  @Test
  void message_deliveredTooOften_becomesADeadLetter() {
    send("poison");
    deliverTooOften(queue);
    assertNothingReady("delivered too often");
    try (JobQueue dead = queue.deadLetters()) {
      List<Message> letters = dead.receive(10, Duration.ofSeconds(5), LEASE);
      assertThat(letters).extracting(Message::body).containsExactly("poison");
      dead.acknowledge(letters);
      assertThat(dead.receive(10, Duration.ZERO, LEASE)).isEmpty();
    }
    awaitDepth(new QueueDepth(0, 0, 0));
  }

  @Test
  void message_releasedTooOften_becomesADeadLetter() {
    send("poison", "good");
    for (int i = 0; i < maxReceives(); i++) {
      List<Message> held = receiveAll(2);
      queue.release(held, Duration.ZERO);
    }
    assertNothingReady("both delivered too often");
    assertThat(receiveAll(queue.deadLetters(), 2, LEASE))
        .extracting(Message::body)
        .containsExactlyInAnyOrder("poison", "good");
  }

  @Test
  void deadLetter_deliveredOftenItself_stays() {
    send("poison");
    deliverTooOften(queue);
    assertNothingReady("delivered too often");
    JobQueue dead = queue.deadLetters();
    deliverTooOften(dead);
    deliverTooOften(dead);
    assertThat(dead.receive(1, Duration.ofSeconds(5), LEASE))
        .extracting(Message::body)
        .containsExactly("poison");
  }

  // ---- depth

  @Test
  void depth_tellsReadyLeasedAndDelayed() {
    assertThat(queue.depth().empty()).as("empty when new").isTrue();
    send("a", "b", "c", "d");
    queue.send(List.of("e", "f"), Duration.ofSeconds(100));
    awaitDepth(new QueueDepth(4, 0, 2));
    List<Message> held = receiveAll(1);
    awaitDepth(new QueueDepth(3, 1, 2));
    held.addAll(receiveAll(3));
    queue.acknowledge(held.subList(0, 1));
    queue.release(held.subList(1, 2), Duration.ofSeconds(100));
    queue.release(held.subList(2, 3), Duration.ZERO);
    // A service may count what was given back with a delay among the leased.
    Eventually.assertThatEventually(
        () -> List.of(queue.depth().ready(), queue.depth().leased() + queue.depth().delayed()),
        List.of(1L, 4L));
    assertThat(queue.depth().empty()).isFalse();
  }

  // ---- steps

  /** Returns the queue under test. */
  protected final JobQueue queue() {
    return queue;
  }

  final void send(String... bodies) {
    queue.send(List.of(bodies), Duration.ZERO);
  }

  /** Sends and receives a message and lets the lease end; returns the former holder's message. */
  private List<Message> loseLease(String body) {
    send(body);
    List<Message> former = queue.receive(1, Duration.ofSeconds(5), Duration.ofSeconds(1));
    assertThat(former).hasSize(1);
    advance(Duration.ofSeconds(2));
    return former;
  }

  private void deliverTooOften(JobQueue from) {
    for (int i = 1; i <= maxReceives(); i++) {
      assertThat(from.receive(1, Duration.ofSeconds(5), Duration.ofSeconds(1)))
          .as("delivery %d", i)
          .hasSize(1);
      advance(Duration.ofSeconds(2));
    }
  }

  final Message receiveOne() {
    return receiveAll(1).get(0);
  }

  final List<Message> receiveAll(int count) {
    return receiveAll(count, LEASE);
  }

  private List<Message> receiveAll(int count, Duration lease) {
    return receiveAll(queue, count, lease);
  }

  static List<Message> receiveAll(JobQueue from, int count, Duration lease) {
    List<Message> all = new ArrayList<>();
    while (all.size() < count) {
      List<Message> some = from.receive(count - all.size(), Duration.ofSeconds(5), lease);
      assertThat(some).as("message %d of %d", all.size() + 1, count).isNotEmpty();
      all.addAll(some);
    }
    return all;
  }

  final void assertNothingReady(String when) {
    assertThat(queue.receive(10, Duration.ZERO, LEASE)).as(when).isEmpty();
  }

  /** Depths may be approximate while a queue is in use, so this asks until the answer is right. */
  final void awaitDepth(QueueDepth expected) {
    Eventually.assertThatEventually(queue::depth, expected);
  }
}
