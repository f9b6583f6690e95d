package io.yunpipe;

/** Is told what is set up or removed, and decides. Called by the thread that asked for it. */
public interface SetUpListener {
  /** Returns one that agrees and says nothing. */
  static SetUpListener none() {
    return new SetUpListener() {};
  }

  /**
   * Decides about changes before they are made. Not called if there are none.
   *
   * @return whether to make them; {@code false} leaves everything as it was
   */
  default boolean approve(SetUp changes) {
    return true;
  }

  /** Hears what is being done, in one line. */
  default void step(String what) {}
}
