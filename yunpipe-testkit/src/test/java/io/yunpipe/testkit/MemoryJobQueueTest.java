package io.yunpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryJobQueueTest extends JobQueueContract {
  private final ManualClock clock = new ManualClock();

  @Override
  protected JobQueue newQueue() {
    return new MemoryJobQueue(clock, maxReceives());
  }

  @Override
  protected void advance(Duration time) {
    clock.advance(time);
  }

  @Test
  void messages_areOffered_inTheOrderInWhichTheyBecameReady() {
    queue().send(List.of("delayed"), Duration.ofSeconds(5));
    queue().send(List.of("a", "b"), Duration.ZERO);
    clock.advance(Duration.ofSeconds(1));
    queue().send(List.of("c"), Duration.ZERO);
    clock.advance(Duration.ofSeconds(5));
    assertThat(queue().receive(10, Duration.ZERO, LEASE))
        .extracting(Message::body)
        .containsExactly("a", "b", "c", "delayed");
  }

  @Test
  void acknowledge_byAFormerHolder_removesTheMessage() {
    queue().send(List.of("a"), Duration.ZERO);
    List<Message> former = queue().receive(1, Duration.ZERO, Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    queue().receive(1, Duration.ZERO, LEASE);
    queue().acknowledge(former);
    assertThat(queue().depth().empty()).isTrue();
  }
}
