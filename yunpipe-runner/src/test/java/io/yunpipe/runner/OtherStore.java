package io.yunpipe.runner;

import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;
import java.util.List;

/** A backend with another store in front of its own. */
record OtherStore(Backend backend, ObjectStore store) implements Backend {
  @Override
  public void init() {
    backend.init();
  }

  @Override
  public JobQueue queue(String stage) {
    return backend.queue(stage);
  }

  @Override
  public Compute compute() {
    return backend.compute();
  }

  @Override
  public List<String> removeQueues() {
    return backend.removeQueues();
  }

  @Override
  public void close() {}
}
