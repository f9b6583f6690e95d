package io.yunpipe.aws.s3;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets callers share a look at something that changes: one look serves all who asked before it
 * began. Thread-safe.
 */
final class SharedLook {
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long begun;
  private long ended;

  /** Returns when a look that began after this call has ended. */
  void look(Runnable look) {
    long needed = begun + 1;
    lock.lock();
    try {
      if (ended >= needed) {
        return;
      }
      long mine = begun + 1;
      begun = mine;
      look.run();
      ended = mine;
    } finally {
      lock.unlock();
    }
  }
}
