package io.yunpipe.internal;

import org.jspecify.annotations.Nullable;

/**
 * A failed attempt, as it is recorded.
 *
 * @param attempt the attempt's id
 * @param exit exit code, -1 if there was none
 * @param reason what happened
 * @param tail end of the log
 * @param log key of the log, or null if nothing was written
 * @param at milliseconds since 1970
 */
public record FailRecord(
    String attempt, int exit, String reason, String tail, @Nullable String log, long at) {
  /** Replaces what was absent by empty values. */
  public FailRecord {
    reason = reason == null ? "" : reason;
    tail = tail == null ? "" : tail;
  }
}
