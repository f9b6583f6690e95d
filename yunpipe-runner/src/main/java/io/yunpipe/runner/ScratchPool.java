package io.yunpipe.runner;

import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Scratch folders of commands on the host. One that a job left as if it had never been there serves
 * the next job: making and removing folders costs a journal more than a short process costs the
 * CPU. Thread-safe.
 */
final class ScratchPool implements AutoCloseable {
  private final String prefix = "slot-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  private final AtomicLong made = new AtomicLong();
  private final Map<Path, Queue<Scratch>> idle = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Returns folders below a parent that nobody else has. */
  Scratch take(Path parent) {
    Scratch scratch = queue(parent).poll();
    return scratch == null ? new Scratch(parent.resolve(prefix + made.incrementAndGet())) : scratch;
  }

  /** Takes folders back; only once, and after all processes that knew them have ended. */
  void give(Scratch scratch, Path parent) {
    if (!closed && scratch.empty()) {
      queue(parent).add(scratch);
    } else {
      scratch.delete();
    }
    if (closed) {
      close();
    }
  }

  private Queue<Scratch> queue(Path parent) {
    return idle.computeIfAbsent(parent, key -> new ConcurrentLinkedQueue<>());
  }

  @Override
  public void close() {
    closed = true;
    for (Queue<Scratch> queue : idle.values()) {
      for (Scratch scratch = queue.poll(); scratch != null; scratch = queue.poll()) {
        scratch.delete();
      }
    }
  }
}
