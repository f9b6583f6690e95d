package io.yunpipe.runner;

import io.yunpipe.spi.ObjectStore;

/**
 * How much work goes together, by what a call to the store costs.
 *
 * @param commitMillis how long a finished job may wait for others to be committed with
 * @param longMillis a job that takes longer keeps nothing else waiting
 * @param turnMillis messages in hand for longer are passed on unless they have begun
 * @param batchNanos short messages are taken together up to this much work
 */
record Rhythm(long commitMillis, long longMillis, long turnMillis, long batchNanos) {
  /** Of a store on this machine. Two workers end at about one time. */
  static final Rhythm NEAR = new Rhythm(50, 200, Long.MAX_VALUE, 100_000_000L);

  /** Of a store where each call is a request that takes its time and is paid for. */
  static final Rhythm FAR = new Rhythm(1_000, 1_000, 5_000, 2_000_000_000L);

  static Rhythm of(ObjectStore store) {
    return store.parallelism() > 1 ? FAR : NEAR;
  }
}
