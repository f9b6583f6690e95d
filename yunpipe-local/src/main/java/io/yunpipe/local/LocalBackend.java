package io.yunpipe.local;

import io.yunpipe.BackendException;
import io.yunpipe.internal.Protocol;
import io.yunpipe.runner.Attempts;
import io.yunpipe.runner.DefaultJobExecutor;
import io.yunpipe.runner.ExecutorSettings;
import io.yunpipe.runner.JobExecutor;
import io.yunpipe.runner.LeaseKeeper;
import io.yunpipe.runner.Worker;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The backend of this machine: one directory that programs share, and threads that work. */
final class LocalBackend implements Backend {
  private final LocalSettings settings;
  private final BackendContext context;
  private final Scratch scratch;
  private final DirectoryObjectStore store;
  private final Path queueFolder;
  private final Map<String, JobQueue> queues = new ConcurrentHashMap<>();
  private @Nullable LocalCompute compute;

  LocalBackend(LocalSettings settings, BackendContext context) {
    this.settings = settings;
    this.context = context;
    this.scratch = new Scratch(settings.directory().resolve("scratch"));
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

  private LocalCompute startCompute() {
    JobExecutor executor =
        new DefaultJobExecutor(
            store,
            context.functions(),
            new ExecutorSettings(
                ExecutorSettings.DEFAULT.grace(),
                ExecutorSettings.DEFAULT.maxLogBytes(),
                settings.containerEngine()));
    Protocol protocol = new Protocol(store, this::queue, context.clock());
    LeaseKeeper leases = new LeaseKeeper(settings.lease());
    Attempts attempts =
        new Attempts(
            store, this::queue, protocol, executor, scratch.ofThisProgram(), context.clock());
    Worker worker = new Worker(store, this::queue, protocol, attempts, leases, context.clock());
    return new LocalCompute(settings, worker, executor, leases);
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
    LocalCompute running;
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
