package io.yunpipe.runner;

import io.yunpipe.internal.Protocol;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import java.nio.file.Path;
import java.time.Duration;

/** A worker over a backend, with the parts that end with it. */
record Workplace(Worker worker, JobExecutor executor, LeaseKeeper leases) {
  static Workplace over(
      Backend backend,
      BackendContext context,
      ExecutorSettings settings,
      Duration lease,
      Path scratch) {
    JobExecutor executor = new DefaultJobExecutor(backend.store(), context.functions(), settings);
    Protocol protocol = new Protocol(backend.store(), backend::queue, context.clock());
    LeaseKeeper leases = new LeaseKeeper(lease);
    Attempts attempts =
        new Attempts(backend.store(), backend::queue, protocol, executor, scratch, context.clock());
    Worker worker =
        new Worker(backend.store(), backend::queue, protocol, attempts, leases, context.clock());
    return new Workplace(worker, executor, leases);
  }
}
