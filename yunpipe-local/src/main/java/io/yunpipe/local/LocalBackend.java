package io.yunpipe.local;

import io.yunpipe.BackendException;
import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.runner.ProgramWorkers;
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

/** The backend of this machine: one directory that programs share, and threads that work. */
final class LocalBackend implements Backend {
  /** A look costs no more than a file's size; what this program sends wakes workers at once. */
  private static final Duration IDLE = Duration.ofMillis(50);

  private final LocalSettings settings;
  private final BackendContext context;
  private final ProgramWorkers workers;
  private final DirectoryObjectStore store;
  private final Path queueFolder;
  private final Map<String, JobQueue> queues = new ConcurrentHashMap<>();

  LocalBackend(LocalSettings settings, BackendContext context) {
    this.settings = settings;
    this.context = context;
    this.workers =
        new ProgramWorkers(
            this,
            context,
            () ->
                ThreadSettings.ofMachine(
                    settings.cpus(),
                    settings.memoryMib(),
                    IDLE,
                    "Ask for less, raise yunpipe.local.cpus or memory-mib, or use another machine."),
            settings.lease(),
            settings.containerEngine(),
            settings.directory().resolve("scratch"));
    this.store = new DirectoryObjectStore(settings.directory(), settings.fsync());
    this.queueFolder = settings.directory().resolve("queues").resolve(context.pipeline());
  }

  @Override
  public boolean init(SetUpListener listener) {
    requireWritable();
    workers.removeLeftovers();
    return true;
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
  public JobQueue queue(String name) {
    return queues.computeIfAbsent(name, this::openQueue);
  }

  private JobQueue openQueue(String name) {
    return workers.waking(
        LogJobQueue.open(
            queueFolder.resolve(name), context.clock(), settings.fsync(), settings.maxReceives()));
  }

  @Override
  public Compute compute() {
    return workers.compute();
  }

  @Override
  public CleanUp remove(boolean data, SetUpListener listener) {
    List<String> removed = new ArrayList<>();
    queues.values().forEach(JobQueue::close);
    queues.clear();
    if (Trees.delete(queueFolder)) {
      removed.add("queues in " + queueFolder);
    }
    return new CleanUp(removed, List.of());
  }

  @Override
  public void close() {
    workers.close();
    queues.values().forEach(JobQueue::close);
    store.close();
  }
}
