package io.yunpipe.wrap;

/** Hears how an image is wrapped. Called by the thread that wraps. */
public interface WrapListener {
  /** Returns one that says nothing. */
  static WrapListener none() {
    return new WrapListener() {};
  }

  /** Hears what is being done, in one line. */
  default void step(String what) {}

  /** Hears what the user should know although nothing is wrong, in one line. */
  default void note(String what) {
    step(what);
  }

  /**
   * Hears how much of a blob was sent.
   *
   * @param digest the blob's
   * @param done bytes sent so far
   * @param total all bytes of the blob
   */
  default void sent(String digest, long done, long total) {}
}
