package io.yunpipe;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run committed for one job.
 *
 * @param stage the stage's name
 * @param jobId the job
 * @param input the input's path, relative to the submission
 * @param variables the job's values of a parameter matrix; often empty
 * @param succeeded whether it is a success
 * @param exitCode the command's exit code; 0 for a function that returned, -1 if there was none
 * @param reason why it failed; empty if it succeeded
 * @param attempts attempts made
 * @param took time of the last attempt's execution, staging not counted
 * @param files its outputs; empty if it failed
 */
public record JobResult(
    String stage,
    String jobId,
    String input,
    Map<String, String> variables,
    boolean succeeded,
    int exitCode,
    Optional<String> reason,
    int attempts,
    Duration took,
    List<ResultFile> files) {
  /** Copies the collections. */
  public JobResult {
    variables = Map.copyOf(variables);
    files = List.copyOf(files);
  }
}
