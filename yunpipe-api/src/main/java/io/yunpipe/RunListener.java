package io.yunpipe;

/** Hears of a run's progress. Called by one thread at a time; must return soon. */
@FunctionalInterface
public interface RunListener {
  /** Called when counts have changed, at most a few times a second, and once at the end. */
  void onStatus(RunStatus status);

  /** Returns a listener that does nothing. */
  static RunListener none() {
    return status -> {};
  }
}
