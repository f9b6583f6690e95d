package io.yunpipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was seen when an algorithm ran on one file.
 *
 * @param argv the command as it was run; empty for a function
 * @param environment the whole environment it had
 * @param exitCode its exit code; 0 for a function that returned
 * @param succeeded whether a run would have committed it as a success
 * @param reason why not, in one sentence; empty if it succeeded
 * @param log its standard output and error
 * @param outputs what it wrote, relative to {@code outputFolder}
 * @param outputFolder where the outputs lie; the caller may delete it
 * @param took time of execution, staging not counted
 */
public record Trial(
    List<String> argv,
    Map<String, String> environment,
    int exitCode,
    boolean succeeded,
    Optional<String> reason,
    String log,
    List<String> outputs,
    Path outputFolder,
    Duration took) {}
