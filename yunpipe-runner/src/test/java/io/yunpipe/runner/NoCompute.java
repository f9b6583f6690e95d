package io.yunpipe.runner;

import io.yunpipe.Resources;
import io.yunpipe.spi.Compute;
import java.io.InputStream;
import java.util.Optional;

/** Starts no worker: the test has its own. */
final class NoCompute implements Compute {
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
