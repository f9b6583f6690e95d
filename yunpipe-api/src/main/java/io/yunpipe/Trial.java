package io.yunpipe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was seen when an algorithm ran on one file.
 *
 * @param argv the command as it was run; empty for a function. Of a wrapped image the command
 *     before {@code $input} and {@code $output} are replaced
 * @param environment the whole environment it had; of a wrapped image without the folders that its
 *     worker makes
 * @param exitCode its exit code; 0 for a function that returned
 * @param succeeded whether a run would have committed it as a success
 * @param reason why not, in one sentence; empty if it succeeded
 * @param log its standard output and error
 * @param outputs what it wrote, relative to {@code outputFolder}
 * @param outputFolder where the outputs lie; the caller may delete it
 * @param took time of execution, staging not counted
 * @param process the whole command of the process that was started, a container engine's own
 *     arguments included, which say its limits; empty for a function
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
    Duration took,
    List<String> process) {}
