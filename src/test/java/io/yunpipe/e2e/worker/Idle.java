package io.yunpipe.e2e.worker;

import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.local.LocalBackendProvider;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.ExternalCompute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;

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
    public boolean init(SetUpListener listener) {
      return backend.init(listener);
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
      return new ExternalCompute();
    }

    @Override
    public CleanUp remove(boolean data, SetUpListener listener) {
      return backend.remove(data, listener);
    }

    @Override
    public void close() {
      backend.close();
    }
  }
}
