package io.yunpipe.runner;

import io.yunpipe.Resources;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.Demand;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers as threads of this program. They take from the last stage first, so that a run's files
 * flow through instead of piling up, and only what fits into the machine.
 */
final class ThreadCompute implements Compute {
  private static final Logger logger = LoggerFactory.getLogger(ThreadCompute.class);

  /** Jobs may ask for less than a core. */
  private static final int THREADS_PER_CPU = 4;

  private static final long BACK_OFF_NANOS = 500_000_000L;

  /** Dead letters are rare; each look for them costs as much as one for work. */
  private static final int LOOKS_PER_REAPING = 20;

  private final Capacity capacity;
  private final Worker worker;
  private final JobExecutor executor;
  private final LeaseKeeper leases;
  private final int maxThreads;
  private final long idleNanos;
  private final Map<String, Served> stages = new LinkedHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Thread atExit = new Thread(this::close, "yunpipe-exit");
  private long wakes;
  private int waiting;
  private boolean closed;
  private volatile @Nullable String problem;

  /** A stage that is served. */
  private static final class Served {
    private final String queue;
    private final Resources perJob;
    private final Pace pace;
    private volatile long reapedAt = System.nanoTime();

    Served(String queue, Resources perJob, Pace pace) {
      this.queue = queue;
      this.perJob = perJob;
      this.pace = pace;
    }
  }

  /**
   * Creates it; the first thread starts with the first stage.
   *
   * @param executor what the worker's attempts run on; closed with this
   * @param leases what the worker's messages are kept by; closed with this
   */
  ThreadCompute(ThreadSettings settings, Worker worker, JobExecutor executor, LeaseKeeper leases) {
    this.capacity = new Capacity(settings);
    this.worker = worker;
    this.executor = executor;
    this.leases = leases;
    this.maxThreads = Math.max(1, (int) Math.ceil(settings.cpus() * THREADS_PER_CPU));
    this.idleNanos = settings.idle().toNanos();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  @Override
  public void ensureWorkers(Demand demand) {
    capacity.check(demand.stage(), demand.perJob());
    synchronized (this) {
      if (closed) {
        return;
      }
      stages.put(demand.queue(), served(demand.queue(), demand.perJob()));
      if (threads.isEmpty()) {
        startThread();
      }
    }
    if (demand.jobs() > 0) {
      wake();
    }
  }

  private Served served(String queue, Resources perJob) {
    Served known = stages.get(queue);
    return known != null && known.perJob.equals(perJob)
        ? known
        : new Served(queue, perJob, new Pace(worker.rhythm()));
  }

  private void startThread() {
    Thread thread = new Thread(this::serve, "yunpipe-worker-" + (threads.size() + 1));
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  /** Tells waiting workers that there may be something to do. */
  synchronized void wake() {
    wakes++;
    notifyAll();
  }

  private void serve() {
    while (!isClosed()) {
      try {
        long seen = wakes();
        if (!workOnAny()) {
          rest(seen);
        }
      } catch (InterruptedException e) {
        logger.debug("Work was ended: a run was stopped, or this program closes");
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized long wakes() {
    return wakes;
  }

  /** Waits until there may be something to do, or a little while. */
  private synchronized void rest(long seen) throws InterruptedException {
    waiting++;
    try {
      long end = System.nanoTime() + idleNanos;
      while (wakes == seen && !closed && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } finally {
      waiting--;
    }
  }

  /** Leaves a failing backend alone for a while. */
  private synchronized void backOff() throws InterruptedException {
    long end = System.nanoTime() + BACK_OFF_NANOS;
    while (!closed && System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
  }

  private synchronized List<Served> lastFirst() {
    List<Served> reversed = new ArrayList<>(stages.values());
    Collections.reverse(reversed);
    return reversed;
  }

  private boolean workOnAny() throws InterruptedException {
    for (Served stage : lastFirst()) {
      if (isClosed()) {
        return false;
      }
      if (capacity.take(stage.perJob)) {
        try {
          addWorkerIfUseful();
          if (work(stage)) {
            return true;
          }
        } finally {
          capacity.giveBack(stage.perJob);
        }
      }
    }
    return false;
  }

  /** While this worker is busy another one can look for what fits beside it. */
  private synchronized void addWorkerIfUseful() {
    if (!closed && waiting == 0 && threads.size() < maxThreads) {
      startThread();
    }
  }

  private boolean work(Served stage) throws InterruptedException {
    try {
      int jobs = worker.work(stage.queue, stage.pace, Duration.ZERO);
      if (jobs == 0 && System.nanoTime() - stage.reapedAt > LOOKS_PER_REAPING * idleNanos) {
        stage.reapedAt = System.nanoTime();
        jobs = worker.reap(stage.queue);
      }
      problem = jobs > 0 ? null : problem;
      return jobs > 0;
    } catch (RuntimeException e) {
      if (!String.valueOf(e.getMessage()).equals(problem)) {
        logger.warn("Worker could not go on: queue={}: {}", stage.queue, e.getMessage());
        logger.debug("Worker could not go on", e);
      }
      problem = String.valueOf(e.getMessage());
      backOff();
      return false;
    }
  }

  @Override
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  @Override
  public long active(String runId, String stage) {
    return executor.active(runId, stage);
  }

  @Override
  public void stop(String runId) {
    worker.forget(runId);
    executor.stop(runId);
  }

  @Override
  public Optional<InputStream> log(String runId, String jobId) {
    return executor.log(runId, jobId);
  }

  @Override
  public void close() {
    List<Thread> running;
    synchronized (this) {
      closed = true;
      notifyAll();
      running = new ArrayList<>(threads);
    }
    // Threads are not interrupted: that would close the files that all of them write to.
    executor.close();
    for (Thread thread : running) {
      join(thread);
    }
    leases.close();
    if (Thread.currentThread() != atExit) {
      removeHook();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      logger.debug("The program is ending already");
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
