package io.yunpipe.runner;

import io.yunpipe.internal.Protocol;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/** A worker over a backend, with the parts that end with it. */
record Workplace(Worker worker, JobExecutor executor, LeaseKeeper leases) {
  static Workplace over(
      Backend backend,
      BackendContext context,
      ExecutorSettings settings,
      Duration lease,
      Path scratch) {
    JobExecutor executor = new DefaultJobExecutor(backend.store(), context.functions(), settings);
    return over(backend.store(), backend::queue, executor, lease, scratch, context.clock());
  }

  static Workplace over(
      ObjectStore store,
      Function<String, JobQueue> queues,
      JobExecutor executor,
      Duration lease,
      Path scratch,
      Clock clock) {
    Protocol protocol = new Protocol(store, queues, clock);
    LeaseKeeper leases = new LeaseKeeper(lease);
    Attempts attempts = new Attempts(store, queues, protocol, executor, scratch, clock);
    Worker worker = new Worker(store, queues, protocol, attempts, leases, clock);
    return new Workplace(worker, executor, leases);
  }
}
