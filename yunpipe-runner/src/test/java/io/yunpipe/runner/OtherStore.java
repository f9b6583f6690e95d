package io.yunpipe.runner;

import io.yunpipe.CleanUp;
import io.yunpipe.SetUpListener;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.Compute;
import io.yunpipe.spi.JobQueue;
import io.yunpipe.spi.ObjectStore;

/** A backend with another store in front of its own. */
record OtherStore(Backend backend, ObjectStore store) implements Backend {
  @Override
  public boolean init(SetUpListener listener) {
    return backend.init(listener);
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
  public CleanUp remove(boolean data, SetUpListener listener) {
    return backend.remove(data, listener);
  }

  @Override
  public void close() {}
}
