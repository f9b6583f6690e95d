package io.yunpipe.runner;

import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ExternalCompute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.Message;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.QueueDepth;
import io.yunpipe.spi.Stored;
import io.yunpipe.testkit.ManualClock;
import io.yunpipe.testkit.MemoryJobQueue;
import io.yunpipe.testkit.MemoryObjectStore;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backend in memory where each call is a step of a schedule, messages come twice, leases end
 * while jobs run, and the answer to a conditional write gets lost.
 */
final class SteppedBackend implements Backend {
  private final Schedule schedule;
  private final ManualClock clock;
  private final MemoryObjectStore objects;
  private final Map<String, MemoryJobQueue> queues = new LinkedHashMap<>();
  private final SteppedStore store = new SteppedStore();

  SteppedBackend(Schedule schedule, ManualClock clock) {
    this.schedule = schedule;
    this.clock = clock;
    this.objects = new MemoryObjectStore(clock);
  }

  @Override
  public boolean init(SetUpListener listener) {
    return true;
  }

  @Override
  public SteppedStore store() {
    return store;
  }

  @Override
  public JobQueue queue(String stage) {
    return new SteppedQueue(
        queues.computeIfAbsent(stage, any -> new MemoryJobQueue(clock, Integer.MAX_VALUE)));
  }

  /** Returns the store without steps, for those who are no part of the schedule. */
  ObjectStore objects() {
    return objects;
  }

  boolean quiet() {
    return queues.values().stream().allMatch(queue -> queue.depth().empty());
  }

  @Override
  public Compute compute() {
    return new ExternalCompute();
  }

  @Override
  public CleanUp remove(boolean data, SetUpListener listener) {
    return new CleanUp(List.of(), List.of());
  }

  @Override
  public void close() {}

  private void step() {
    if (schedule.random().nextInt(40) == 0) {
      clock.advance(Duration.ofSeconds(schedule.random().nextInt(90)));
    }
    schedule.step();
  }

  /** The store; not final, so that a wrong variant can be made of it. */
  class SteppedStore implements ObjectStore {
    @Override
    public Stored put(String key, Content content) {
      step();
      return objects.put(key, content);
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
      step();
      return objects.putIfAbsent(key, content);
    }

    @Override
    public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
      List<Boolean> created = new ArrayList<>();
      contents.forEach(
          (key, bytes) -> {
            boolean mine = putIfAbsent(key, Content.of(bytes));
            boolean answerLost = schedule.random().nextInt(20) == 0;
            created.add(mine && !answerLost);
          });
      return created;
    }

    @Override
    public boolean putIfMatch(String key, Content content, String etag) {
      step();
      return objects.putIfMatch(key, content, etag);
    }

    @Override
    public Optional<InputStream> get(String key) {
      step();
      return objects.get(key);
    }

    @Override
    public Optional<InputStream> get(String key, long offset, long length) {
      step();
      return objects.get(key, offset, length);
    }

    @Override
    public Optional<byte[]> read(String key) {
      step();
      return objects.read(key);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
      step();
      return objects.head(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
      step();
      return objects.list(prefix, startAfter, limit);
    }

    @Override
    public void delete(String key) {
      step();
      objects.delete(key);
    }

    @Override
    public void close() {}
  }

  private final class SteppedQueue implements JobQueue {
    private final JobQueue queue;

    SteppedQueue(JobQueue queue) {
      this.queue = queue;
    }

    @Override
    public void send(List<String> bodies, Duration delay) {
      for (String body : bodies) {
        step();
        queue.send(List.of(body), delay);
        if (schedule.random().nextInt(10) == 0) {
          queue.send(List.of(body), delay);
        }
      }
    }

    @Override
    public List<Message> receive(int max, Duration wait, Duration lease) {
      step();
      return queue.receive(max, Duration.ZERO, lease);
    }

    @Override
    public void extend(Collection<Message> messages, Duration lease) {
      queue.extend(messages, lease);
    }

    @Override
    public void acknowledge(Collection<Message> messages) {
      for (Message message : messages) {
        step();
        queue.acknowledge(List.of(message));
      }
    }

    @Override
    public void release(Collection<Message> messages, Duration delay) {
      step();
      queue.release(messages, delay);
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
    public void close() {}
  }
}
