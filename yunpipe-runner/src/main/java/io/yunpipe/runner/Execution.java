package io.yunpipe.runner;

import io.yunpipe.spi.Content;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended. Outputs and log lie in the scratch folder until it is closed.
 *
 * @param exitCode the exit code; 0 for a function that returned, -1 if there was none
 * @param reason why the attempt failed, in one sentence, or null if it succeeded
 * @param permanent whether another attempt would meet the same, such as a command that does not
 *     exist
 * @param outputs files by path below the output folder, in order; empty if it failed
 * @param log standard output and error, or null if nothing was written
 * @param logTail the end of the log, at most 4 KiB, whole lines where possible
 * @param took time of execution, staging not counted
 * @param argv the command as it was run; empty for a function
 * @param environment the whole environment it had
 * @param cleanUp removes the scratch folder
 */
public record Execution(
    int exitCode,
    @Nullable String reason,
    boolean permanent,
    Map<String, Content> outputs,
    @Nullable Content log,
    String logTail,
    Duration took,
    List<String> argv,
    Map<String, String> environment,
    Runnable cleanUp)
    implements AutoCloseable {
  /** Returns whether the attempt succeeded. */
  public boolean succeeded() {
    return reason == null;
  }

  @Override
  public void close() {
    cleanUp.run();
  }
}
