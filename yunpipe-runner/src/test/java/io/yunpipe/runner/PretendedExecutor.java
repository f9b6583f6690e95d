package io.yunpipe.runner;

import io.yunpipe.spi.Content;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An executor that starts nothing: a test says how each attempt ends, which is at once. */
abstract class PretendedExecutor implements JobExecutor {
  /** Returns an attempt that wrote outputs, or one that failed for a reason. */
  static Execution ended(int code, String reason, Map<String, Content> outputs) {
    return new Execution(
        code, reason, false, outputs, null, "", Duration.ZERO, List.of(), Map.of(), () -> {});
  }

  @Override
  public final void stop(String run) {}

  @Override
  public final long active(String run, String stage) {
    return 0;
  }

  @Override
  public final Optional<InputStream> log(String run, String job) {
    return Optional.empty();
  }

  @Override
  public final void close() {}
}
