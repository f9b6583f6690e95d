package io.yunpipe.aws.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.BackendException;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract over each way to call the service, and what is special here. */
class SqsJobQueueTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  @Nested
  class SignedCallsInThisJvm extends SqsContract {
    SignedCallsInThisJvm() {
      super(queues());
    }
  }

  @Nested
  class ClientInThisJvm extends SqsContract {
    ClientInThisJvm() {
      super(SqsQueues.over(SqsServer.client(SqsServer.endpoint()), SqsOptions.DEFAULT));
    }
  }

  @Nested
  @EnabledIfEnvironmentVariable(named = SqsServer.VARIABLE, matches = ".+")
  class SignedCallsElsewhere extends SqsContract {
    SignedCallsElsewhere() {
      super(SqsQueues.over(SqsServer.http(), SqsServer.given(), SqsOptions.DEFAULT));
    }
  }

  @Nested
  @EnabledIfEnvironmentVariable(named = SqsServer.VARIABLE, matches = ".+")
  class ClientElsewhere extends SqsContract {
    ClientElsewhere() {
      super(SqsQueues.over(SqsServer.client(SqsServer.given()), SqsOptions.DEFAULT));
    }
  }

  private static SqsQueues queues() {
    return SqsQueues.over(SqsServer.http(), SqsServer.endpoint(), SqsOptions.DEFAULT);
  }

  private static JobQueue newQueue(SqsQueues queues) {
    String name = SqsServer.newName();
    queues.create(name, 3, LEASE);
    return queues.open(name);
  }

  @Test
  void receive_ofMoreThanTen_takesSeveralCalls() {
    JobQueue queue = newQueue(queues());
    List<String> bodies = List.of("abcdefghijklmnopqrstuvwxy".split(""));
    queue.send(bodies, Duration.ZERO);
    assertThat(queue.receive(25, Duration.ofSeconds(5), LEASE))
        .extracting(Message::body)
        .containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void body_withCharactersThatXmlLacks_arrivesUnchanged() {
    JobQueue queue = newQueue(queues());
    List<String> bodies = List.of("\u0000\u0001\uFFFE\uFFFF", "=base64:no", "=base64:bm8=");
    queue.send(bodies, Duration.ZERO);
    assertThat(queue.receive(10, Duration.ofSeconds(5), LEASE))
        .extracting(Message::body)
        .containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void close_whileAnotherThreadWaits_endsTheWaitAtOnce() throws Exception {
    JobQueue queue = newQueue(queues());
    CompletableFuture<List<Message>> waiter =
        CompletableFuture.supplyAsync(() -> queue.receive(1, Duration.ofSeconds(20), LEASE));
    assertThatThrownBy(() -> waiter.get(500, TimeUnit.MILLISECONDS)).as("waits").isNotNull();
    queue.close();
    assertThat(waiter.get(1, TimeUnit.SECONDS)).isEmpty();
    assertThat(queue.receive(1, Duration.ofSeconds(20), LEASE)).as("once closed").isEmpty();
  }

  @Test
  void message_arrivingAfterClose_isGivenBackAtOnce() throws Exception {
    SqsQueues queues = queues();
    String name = SqsServer.newName();
    queues.create(name, 3, LEASE);
    JobQueue closing = queues.open(name);
    CompletableFuture<List<Message>> waiter =
        CompletableFuture.supplyAsync(() -> closing.receive(1, Duration.ofSeconds(20), LEASE));
    assertThatThrownBy(() -> waiter.get(500, TimeUnit.MILLISECONDS)).as("waits").isNotNull();
    closing.close();
    waiter.get(1, TimeUnit.SECONDS);
    JobQueue other = queues.open(name);
    other.send(List.of("a"), Duration.ZERO);
    assertThat(other.receive(1, Duration.ofSeconds(10), LEASE))
        .extracting(Message::body)
        .containsExactly("a");
  }

  @Test
  void messageHeld_whenItsHandleIsClosed_canBeGivenBackAndAcknowledged() {
    JobQueue queue = newQueue(queues());
    queue.send(List.of("a", "b"), Duration.ZERO);
    List<Message> held = queue.receive(2, Duration.ofSeconds(5), LEASE);
    queue.close();
    queue.acknowledge(held.subList(0, 1));
    queue.release(held.subList(1, 2), Duration.ZERO);
    assertThat(queue.depth().ready()).isEqualTo(1);
    assertThat(queue.depth().leased()).isZero();
  }

  @Test
  void queueThatIsMissing_whenUsed_saysHowToMakeIt() {
    JobQueue queue = queues().open("no-such-queue");
    assertThatThrownBy(() -> queue.send(List.of("a"), Duration.ZERO))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "There is no SQS queue no-such-queue in this region and account. Pipeline.init()"
                + " (yunpipe init) makes it; check yunpipe.aws.region and"
                + " yunpipe.aws.queue-prefix.");
  }

  @Test
  void queueDeletedAndMadeAgain_whileAHandleIsOpen_isFoundAgain() {
    SqsQueues queues = queues();
    String name = SqsServer.newName();
    queues.create(name, 3, LEASE);
    JobQueue queue = queues.open(name);
    queue.send(List.of("a"), Duration.ZERO);
    assertThat(queues.delete(List.of(name, "no-such-queue"))).containsExactly(name);
    assertThatThrownBy(() -> queue.receive(1, Duration.ZERO, LEASE))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("Could not receive from SQS queue " + name)
        .hasMessageContaining("Pipeline.init()");
    queues.create(name, 3, LEASE);
    queue.send(List.of("b"), Duration.ZERO);
    assertThat(queue.receive(10, Duration.ofSeconds(5), LEASE))
        .extracting(Message::body)
        .containsExactly("b");
  }

  @Test
  void create_twice_keepsMessagesAndTakesTheNewLimit() {
    SqsQueues queues = queues();
    String name = SqsServer.newName();
    queues.create(name, 3, LEASE);
    queues.open(name).send(List.of("a"), Duration.ZERO);
    queues.create(name, 1, LEASE);
    JobQueue queue = queues.open(name);
    queue.release(queue.receive(1, Duration.ofSeconds(5), LEASE), Duration.ZERO);
    assertThat(queue.receive(1, Duration.ZERO, LEASE)).isEmpty();
    assertThat(queue.deadLetters().receive(1, Duration.ofSeconds(5), LEASE)).hasSize(1);
    assertThat(queues.names(name)).containsExactly(name, name + SqsQueues.DEAD);
  }
}
