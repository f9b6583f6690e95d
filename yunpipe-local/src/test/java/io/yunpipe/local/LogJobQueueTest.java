package io.yunpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.testkit.JobQueueContract;
import io.yunpipe.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract, with and without fsync, and with files so small that they are replaced all the
 * time.
 */
class LogJobQueueTest {
  private static final Duration LEASE = Duration.ofMinutes(1);

  @TempDir Path temporary;

  @Nested
  class WithFsync extends Contract {
    WithFsync() {
      super(true, QueueLogs.Limits.DEFAULT);
    }
  }

  @Nested
  class WithoutFsync extends Contract {
    WithoutFsync() {
      super(false, QueueLogs.Limits.DEFAULT);
    }
  }

  @Nested
  class WithSmallFiles extends Contract {
    WithSmallFiles() {
      super(false, new QueueLogs.Limits(500, 1000));
    }
  }

  @Nested
  class Handle {
    private final ManualClock clock = new ManualClock();
    private JobQueue queue;

    @BeforeEach
    void open() {
      queue = LogJobQueue.open(temporary.resolve("q"), clock, true, 1);
    }

    @AfterEach
    void close() {
      queue.close();
    }

    @Test
    void interruptedThread_canUseTheQueue_andStaysInterrupted() {
      Thread.currentThread().interrupt();
      queue.send(List.of("a", "b"), Duration.ZERO);
      List<Message> held = queue.receive(1, Duration.ofSeconds(20), LEASE);
      queue.acknowledge(held);
      assertThat(held).hasSize(1);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(queue.depth()).isEqualTo(new QueueDepth(1, 0, 0));
    }

    @Test
    void receive_waitingWhenInterrupted_returnsNothing() {
      Thread.currentThread().interrupt();
      assertThat(queue.receive(1, Duration.ofMinutes(5), LEASE)).isEmpty();
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void receive_waitingWhenClosed_returnsNothing() {
      var ignored =
          CompletableFuture.runAsync(
              queue::close, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
      assertThat(queue.receive(1, Duration.ofMinutes(5), LEASE)).isEmpty();
      assertThatThrownBy(() -> queue.send(List.of("a"), Duration.ZERO))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The queue in " + temporary.resolve("q") + " is closed");
    }

    @Test
    void acknowledge_byAFormerHolder_removesTheMessage() {
      try (JobQueue patient = LogJobQueue.open(temporary.resolve("p"), clock, true, 9)) {
        patient.send(List.of("a"), Duration.ZERO);
        List<Message> former = patient.receive(1, Duration.ZERO, Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(patient.receive(1, Duration.ZERO, LEASE)).hasSize(1);
        patient.acknowledge(former);
        assertThat(patient.depth().empty()).isTrue();
      }
    }

    @Test
    void deadLetters_closedByTheirReader_areOpenedAgainAndSurviveReopening() {
      queue.deadLetters().close();
      queue.send(List.of("poison"), Duration.ZERO);
      queue.receive(1, Duration.ZERO, Duration.ZERO);
      assertThat(queue.receive(1, Duration.ZERO, LEASE)).isEmpty();
      queue.deadLetters().close();
      JobQueue dead = queue.deadLetters();
      assertThat(dead.receive(1, Duration.ZERO, LEASE))
          .extracting(Message::body)
          .containsExactly("poison");
      assertThatThrownBy(dead::deadLetters).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void body_thatIsNoUnicode_isRefused_andAnEmptyOneCarried() {
      assertThatThrownBy(() -> queue.send(List.of("half \uD800 a pair"), Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("well-formed Unicode");
      queue.send(List.of("", "?"), Duration.ZERO);
      assertThat(queue.receive(9, Duration.ZERO, LEASE))
          .extracting(Message::body)
          .containsExactly("", "?");
    }

    @Test
    void times_withoutEnd_areCarried() {
      Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
      queue.send(List.of("a"), Duration.ZERO);
      List<Message> held = queue.receive(1, forever, forever);
      queue.extend(held, forever);
      queue.send(List.of("b"), forever);
      assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 1, 1));
    }

    @Test
    void receive_ofManyLongBodies_isLimitedInBytes() {
      queue.send(Collections.nCopies(200, "x".repeat(JobQueue.MAX_BODY_BYTES)), Duration.ZERO);
      assertThat(queue.receive(200, Duration.ZERO, LEASE)).hasSizeBetween(1, 100);
    }
  }

  abstract class Contract extends JobQueueContract {
    private final boolean fsync;
    private final QueueLogs.Limits limits;
    private final ManualClock clock = new ManualClock();
    private final List<JobQueue> opened = new ArrayList<>();
    private int queues;

    Contract(boolean fsync, QueueLogs.Limits limits) {
      this.fsync = fsync;
      this.limits = limits;
    }

    @Override
    protected JobQueue newQueue() {
      queues++;
      return secondHandle();
    }

    @Override
    protected JobQueue secondHandle() {
      Path folder = temporary.resolve("queue " + queues);
      JobQueue queue = LogJobQueue.open(folder, clock, fsync, maxReceives(), limits);
      opened.add(queue);
      return queue;
    }

    @Override
    protected void advance(Duration time) {
      clock.advance(time);
    }

    @AfterEach
    void closeAll() {
      opened.forEach(JobQueue::close);
    }
  }
}
