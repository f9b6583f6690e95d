package io.yunpipe.e2e.worker;

import io.yunpipe.Resources;
import io.yunpipe.local.LocalBackendProvider;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** The local backend of a program that does no work itself: others have to. */
final class Idle implements BackendProvider {
  private final LocalBackendProvider local = new LocalBackendProvider();

  @Override
  public String name() {
    return "local";
  }

  @Override
  public Backend open(BackendContext context) {
    return new WithoutWorkers(local.open(context));
  }

  private record WithoutWorkers(Backend backend) implements Backend {
    @Override
    public void init() {
      backend.init();
    }

    @Override
    public ObjectStore store() {
      return backend.store();
    }

    @Override
    public JobQueue queue(String stage) {
      return backend.queue(stage);
    }

    @Override
    public Compute compute() {
      return new Nobody();
    }

    @Override
    public List<String> removeQueues() {
      return backend.removeQueues();
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  private static final class Nobody implements Compute {
    @Override
    public void ensureWorkers(String stage, Resources perJob, long desired) {}

    @Override
    public long active(String runId, String stage) {
      return 0;
    }

    @Override
    public void stop(String runId) {}

    @Override
    public Optional<InputStream> log(String runId, String jobId) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
