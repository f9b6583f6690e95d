package io.yunpipe;

/**
 * A job that failed for good.
 *
 * @param stage the stage's name
 * @param jobId the job
 * @param input the input's path, relative to the submission
 * @param exitCode the command's exit code, or -1 if there was none
 * @param reason what happened, in one sentence
 * @param attempts attempts made
 * @param logTail the end of the last attempt's log; may be empty
 */
public record Failure(
    String stage,
    String jobId,
    String input,
    int exitCode,
    String reason,
    int attempts,
    String logTail) {}
