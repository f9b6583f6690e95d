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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A backend in memory that counts requests as a far one would make them: a queue takes and gives
 * ten messages at once, and a store keeps the markers of a shard together. Objects below {@code
 * out/} are data, those below {@code done/} markers.
 */
final class CountingBackend implements Backend {
  private static final int QUEUE_BATCH = 10;

  private final ManualClock clock;
  private final Map<String, JobQueue> queues = new HashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final ObjectStore store = new CountingStore();

  CountingBackend(ManualClock clock) {
    this.clock = clock;
  }

  /** Returns the counts by kind of request. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** Returns how many requests were made besides those for data and markers. */
  int others() {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().endsWith("data") && !entry.getKey().endsWith("markers"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private void note(String what, String key) {
    String kind = key.contains("/out/") ? " data" : key.contains("/done/") ? " markers" : "";
    counts.merge(what + kind, 1, Integer::sum);
  }

  private void note(String what, int messages) {
    counts.merge(what, (messages + QUEUE_BATCH - 1) / QUEUE_BATCH, Integer::sum);
  }

  @Override
  public boolean init(SetUpListener listener) {
    return true;
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public JobQueue queue(String stage) {
    return queues.computeIfAbsent(stage, any -> new CountingQueue(new MemoryJobQueue(clock, 50)));
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

  private final class CountingStore extends DelegatingStore {
    CountingStore() {
      super(new MemoryObjectStore());
    }

    @Override
    public int parallelism() {
      return 16;
    }

    @Override
    public Stored put(String key, Content content) {
      note("put", key);
      return super.put(key, content);
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
      note("put", key);
      return super.putIfAbsent(key, content);
    }

    @Override
    public List<Boolean> putAllIfAbsent(Map<String, byte[]> contents) {
      contents.keySet().stream().limit(1).forEach(key -> note("put all", key));
      return super.putAllIfAbsent(contents);
    }

    @Override
    public Optional<InputStream> get(String key) {
      note("get", key);
      return super.get(key);
    }

    @Override
    public Optional<InputStream> get(String key, long offset, long length) {
      note("get", key);
      return super.get(key, offset, length);
    }

    @Override
    public Optional<byte[]> read(String key) {
      note("get", key);
      return super.read(key);
    }

    @Override
    public List<Optional<byte[]>> readEach(List<String> keys) {
      keys.stream().limit(1).forEach(key -> note("get each", key));
      return keys.stream().map(super::read).toList();
    }

    @Override
    public void readAll(String prefix, BiConsumer<String, byte[]> sink) {
      note("get all", prefix);
      for (ObjectInfo object : super.list(prefix, "", 1000)) {
        super.read(object.key()).ifPresent(bytes -> sink.accept(object.key(), bytes));
      }
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
      note("head", key);
      return super.head(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
      note("list", "");
      return super.list(prefix, startAfter, limit);
    }

    @Override
    public long count(String prefix) {
      note("list", "");
      return super.count(prefix);
    }

    @Override
    public void delete(String key) {
      note("delete", key);
      super.delete(key);
    }
  }

  private final class CountingQueue implements JobQueue {
    private final JobQueue queue;

    CountingQueue(JobQueue queue) {
      this.queue = queue;
    }

    @Override
    public void send(List<String> bodies, Duration delay) {
      note("send", bodies.size());
      queue.send(bodies, delay);
    }

    @Override
    public List<Message> receive(int max, Duration wait, Duration lease) {
      note("receive", 1);
      return queue.receive(Math.min(QUEUE_BATCH, max), wait, lease);
    }

    @Override
    public void extend(Collection<Message> messages, Duration lease) {
      // By the clock of the machine, which is not the test's.
      queue.extend(messages, lease);
    }

    @Override
    public void acknowledge(Collection<Message> messages) {
      note("acknowledge", messages.size());
      queue.acknowledge(messages);
    }

    @Override
    public void release(Collection<Message> messages, Duration delay) {
      note("release", messages.size());
      queue.release(messages, delay);
    }

    @Override
    public QueueDepth depth() {
      note("depth", 1);
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
