package io.yunpipe.runner;

import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.QueueDepth;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A queue that tells this program's workers when something was sent.
 *
 * @param queue the queue itself
 * @param sent called after each sending, and after each giving back
 */
record NotifyingQueue(JobQueue queue, Runnable sent) implements JobQueue {
  @Override
  public void send(List<String> bodies, Duration delay) {
    queue.send(bodies, delay);
    sent.run();
  }

  @Override
  public List<Message> receive(int max, Duration wait, Duration lease) {
    return queue.receive(max, wait, lease);
  }

  @Override
  public void extend(Collection<Message> messages, Duration lease) {
    queue.extend(messages, lease);
  }

  @Override
  public void acknowledge(Collection<Message> messages) {
    queue.acknowledge(messages);
  }

  @Override
  public void release(Collection<Message> messages, Duration delay) {
    queue.release(messages, delay);
    sent.run();
  }

  @Override
  public QueueDepth depth() {
    return queue.depth();
  }

  @Override
  public JobQueue deadLetters() {
    return queue.deadLetters();
  }

  @Override
  public void close() {
    queue.close();
  }
}
