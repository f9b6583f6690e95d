package io.yunpipe.local;

import io.yunpipe.BackendException;
import io.yunpipe.runner.ExecutorSettings;
import io.yunpipe.runner.NotifyingQueue;
import io.yunpipe.runner.ProgramScratch;
import io.yunpipe.runner.ThreadCompute;
import io.yunpipe.runner.ThreadSettings;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The backend of this machine: one directory that programs share, and threads that work. */
final class LocalBackend implements Backend {
  /** A look costs no more than a file's size; what this program sends wakes workers at once. */
  private static final Duration IDLE = Duration.ofMillis(50);

  private final LocalSettings settings;
  private final BackendContext context;
  private final ProgramScratch scratch;
  private final DirectoryObjectStore store;
  private final Path queueFolder;
  private final Map<String, JobQueue> queues = new ConcurrentHashMap<>();
  private @Nullable ThreadCompute compute;

  LocalBackend(LocalSettings settings, BackendContext context) {
    this.settings = settings;
    this.context = context;
    this.scratch = new ProgramScratch(settings.directory().resolve("scratch"));
    this.store = new DirectoryObjectStore(settings.directory(), settings.fsync());
    this.queueFolder = settings.directory().resolve("queues").resolve(context.pipeline());
  }

  @Override
  public void init() {
    requireWritable();
    scratch.removeLeftovers();
  }

  /** Said once and here, instead of by each part that meets it. */
  private void requireWritable() {
    Path existing = settings.directory();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isWritable(existing)) {
      throw new BackendException(
          "Could not use "
              + settings.directory()
              + " for runs (yunpipe.local.directory): this user may not write to "
              + existing
              + ". Let this user read and write it and all in it, or name another folder.",
          null);
    }
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public JobQueue queue(String stage) {
    return queues.computeIfAbsent(stage, this::openQueue);
  }

  private JobQueue openQueue(String stage) {
    return new NotifyingQueue(
        LogJobQueue.open(
            queueFolder.resolve(stage), context.clock(), settings.fsync(), settings.maxReceives()),
        this::wake);
  }

  private synchronized void wake() {
    if (compute != null) {
      compute.wake();
    }
  }

  @Override
  public synchronized Compute compute() {
    if (compute == null) {
      compute = startCompute();
    }
    return compute;
  }

  private ThreadCompute startCompute() {
    return ThreadCompute.over(
        this,
        context,
        new ExecutorSettings(
            ExecutorSettings.DEFAULT.grace(),
            ExecutorSettings.DEFAULT.maxLogBytes(),
            settings.containerEngine()),
        settings.lease(),
        scratch.ofThisProgram(),
        ThreadSettings.ofMachine(
            settings.cpus(),
            settings.memoryMib(),
            IDLE,
            "Ask for less, raise yunpipe.local.cpus or memory-mib, or use another machine."));
  }

  @Override
  public List<String> removeQueues() {
    List<String> removed = new ArrayList<>();
    queues.values().forEach(JobQueue::close);
    queues.clear();
    if (Trees.delete(queueFolder)) {
      removed.add("queues in " + queueFolder);
    }
    return removed;
  }

  @Override
  public void close() {
    ThreadCompute running;
    synchronized (this) {
      running = compute;
    }
    if (running != null) {
      running.close();
    }
    scratch.close();
    queues.values().forEach(JobQueue::close);
    store.close();
  }
}
