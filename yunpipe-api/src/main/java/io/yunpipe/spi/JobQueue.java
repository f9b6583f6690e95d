package io.yunpipe.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Messages that are delivered at least once, in no promised order. A received message is leased: it
 * is offered again when the lease ends before it is acknowledged. One delivered more often than the
 * backend's limit goes to {@link #deadLetters()}. Thread-safe; several processes may share a queue.
 *
 * <p>All methods throw {@link io.yunpipe.BackendException}.
 */
public interface JobQueue extends AutoCloseable {
  /** Longest body in bytes of UTF-8. */
  int MAX_BODY_BYTES = 64 * 1024;

  /**
   * Sends messages; durable when it returns. If it throws, some may have been sent.
   *
   * @param bodies each at most {@link #MAX_BODY_BYTES}
   * @param delay how long they are held back; zero for not
   * @throws IllegalArgumentException if a body is too long
   */
  void send(List<String> bodies, Duration delay);

  /**
   * Receives messages.
   *
   * @param max at most so many, from 1
   * @param wait how long to wait for the first; zero for not
   * @param lease how long they are withheld from others
   * @return possibly empty
   */
  List<Message> receive(int max, Duration wait, Duration lease);

  /** Lets the leases end so long from now; those already lost are skipped. */
  void extend(Collection<Message> messages, Duration lease);

  /** Removes messages; those already gone are skipped. Durable when it returns. */
  void acknowledge(Collection<Message> messages);

  /** Gives messages back, to be offered again after a delay; those already lost are skipped. */
  void release(Collection<Message> messages, Duration delay);

  /** Returns how full it is. */
  QueueDepth depth();

  /** Returns the queue of messages that were delivered too often; has no dead letters itself. */
  JobQueue deadLetters();

  @Override
  void close();
}
