package io.yunpipe.spi;

/**
 * How full a queue is; approximate while it is in use.
 *
 * @param ready messages that could be received now
 * @param leased messages that somebody holds; some services count those here that were given back
 *     with a delay
 * @param delayed messages whose time has not come
 */
public record QueueDepth(long ready, long leased, long delayed) {
  /** Returns whether there is nothing at all. */
  public boolean empty() {
    return ready + leased + delayed == 0;
  }
}
