package io.yunpipe.aws.sqs;

import static org.awaitility.Awaitility.await;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.testkit.JobQueueContract;
import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract of queues on a server whose clock nobody can move. */
@Execution(ExecutionMode.CONCURRENT)
abstract class SqsContract extends JobQueueContract {
  private final SqsQueues queues;
  private String name = "";

  SqsContract(SqsQueues queues) {
    this.queues = queues;
  }

  @Override
  protected JobQueue newQueue() {
    name = SqsServer.newName();
    queues.create(name, maxReceives(), LEASE);
    return queues.open(name);
  }

  @Override
  protected JobQueue secondHandle() {
    return queues.open(name);
  }

  @Override
  protected int many() {
    return 1000;
  }

  @Override
  protected void advance(Duration time) {
    await().pollDelay(time).atMost(time.plusSeconds(60)).until(() -> true);
  }
}
