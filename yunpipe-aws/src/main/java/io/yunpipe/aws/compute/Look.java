package io.yunpipe.aws.compute;

/**
 * What was seen of a stage.
 *
 * @param at when, in milliseconds since 1970
 * @param waiting messages that nobody has taken
 * @param running workers that run
 * @param starting workers that start
 * @param launchedAt when workers were started last; 0 for never
 */
public record Look(long at, long waiting, int running, int starting, long launchedAt) {
  Look launched(long time) {
    return new Look(at, waiting, running, starting, time);
  }
}
