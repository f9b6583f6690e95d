package io.yunpipe.testkit;

import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.Demand;
import io.yunpipe.spi.ExternalCompute;
import io.yunpipe.spi.ObjectStore;
import io.yunpipe.spi.Prices;
import io.yunpipe.spi.RunNotice;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A backend in memory without workers: what is sent stays in its queues. Thread-safe. Closing it
 * loses nothing.
 */
public final class MemoryBackend implements Backend {
  /** How often a message is delivered before it becomes a dead letter. */
  public static final int MAX_RECEIVES = 3;

  private final Clock clock;
  private final ObjectStore store;
  private final Map<String, MemoryJobQueue> queues = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<RunNotice> notices = new ArrayList<>();
  private @Nullable Prices prices;
  private @Nullable String problem;
  private int sweeps;

  /** Creates an empty one. */
  public MemoryBackend(Clock clock) {
    this(clock, new MemoryObjectStore(clock));
  }

  /** Creates one over a store. */
  public MemoryBackend(Clock clock, ObjectStore store) {
    this.clock = clock;
    this.store = store;
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
  public synchronized MemoryJobQueue queue(String name) {
    return queues.computeIfAbsent(name, any -> new MemoryJobQueue(clock, MAX_RECEIVES));
  }

  /** Returns the stages for which workers were asked for, in order. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** Returns how often workers that live for too long were looked for. */
  public synchronized int sweeps() {
    return sweeps;
  }

  /** Lets work cost something from now on. */
  public synchronized void charge(Prices list) {
    prices = list;
  }

  /** Lets compute tell why no worker starts; null: none of that. */
  public synchronized void hold(@Nullable String reason) {
    problem = reason;
  }

  @Override
  public synchronized Optional<Prices> prices() {
    return Optional.ofNullable(prices);
  }

  @Override
  public boolean announces() {
    return true;
  }

  @Override
  public synchronized void announce(RunNotice notice) {
    notices.add(notice);
  }

  /** Returns what owners of runs were told, in order. */
  public synchronized List<RunNotice> notices() {
    return List.copyOf(notices);
  }

  @Override
  public Compute compute() {
    return new ExternalCompute() {
      @Override
      public void ensureWorkers(Demand demand) {
        synchronized (MemoryBackend.this) {
          asked.add(demand.stage());
        }
      }

      @Override
      public void sweep() {
        synchronized (MemoryBackend.this) {
          sweeps++;
        }
      }

      @Override
      public Optional<String> problem() {
        synchronized (MemoryBackend.this) {
          return Optional.ofNullable(problem);
        }
      }
    };
  }

  @Override
  public CleanUp remove(boolean data, SetUpListener listener) {
    return new CleanUp(List.of(), List.of());
  }

  @Override
  public void close() {}
}
