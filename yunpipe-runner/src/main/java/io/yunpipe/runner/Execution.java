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
 * @param process the whole command of the process that was started, an engine's own arguments
 *     included; empty if none was
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
    List<String> process,
    Runnable cleanUp)
    implements AutoCloseable {
  /** Creates the end of an attempt that started no process. */
  public Execution(
      int exitCode,
      @Nullable String reason,
      boolean permanent,
      Map<String, Content> outputs,
      @Nullable Content log,
      String logTail,
      Duration took,
      List<String> argv,
      Map<String, String> environment,
      Runnable cleanUp) {
    this(
        exitCode,
        reason,
        permanent,
        outputs,
        log,
        logTail,
        took,
        argv,
        environment,
        List.of(),
        cleanUp);
  }

  /** Returns whether the attempt succeeded. */
  public boolean succeeded() {
    return reason == null;
  }

  @Override
  public void close() {
    cleanUp.run();
  }
}
