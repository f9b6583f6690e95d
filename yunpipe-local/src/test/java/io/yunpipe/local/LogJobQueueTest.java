package io.yunpipe.local;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.testkit.JobQueueContract;
import io.yunpipe.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract, with and without fsync, and with files so small that they are replaced all the
 * time.
 */
class LogJobQueueTest {
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
