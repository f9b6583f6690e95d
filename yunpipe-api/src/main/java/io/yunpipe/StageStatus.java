package io.yunpipe;

/**
 * Counts of jobs of one stage.
 *
 * @param stage its name
 * @param pending waiting, as far as known
 * @param running being executed, as far as the backend can tell
 * @param succeeded committed as success
 * @param failed committed as failure
 * @param total known so far; grows while inputs and results before are still coming
 */
public record StageStatus(
    String stage, long pending, long running, long succeeded, long failed, long total) {}
