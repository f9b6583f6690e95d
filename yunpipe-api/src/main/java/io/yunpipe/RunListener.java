package io.yunpipe;

/** Hears of a run's progress. Called by one thread at a time; must return soon. */
@FunctionalInterface
public interface RunListener {
  /** Called when counts have changed, at most a few times a second, and once at the end. */
  void onStatus(RunStatus status);

  /**
   * Called when jobs wait for something that takes a while, such as an image that is being fetched,
   * and again as that goes on. Does nothing unless overridden.
   *
   * @param note a few words, such as {@code fetching image python:3 (2 of 5 layers)}
   */
  default void onNote(String note) {}

  /** Returns a listener that does nothing. */
  static RunListener none() {
    return status -> {};
  }
}
