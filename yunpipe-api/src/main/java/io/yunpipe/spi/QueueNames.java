package io.yunpipe.spi;

import org.jspecify.annotations.Nullable;

/** Names of queues, as {@link Backend#queue} takes them. */
public final class QueueNames {
  private QueueNames() {}

  /**
   * Returns the name of a stage's queue. A Java function has one of its own: only programs that
   * define the function read it, so that no other program of the pipeline's name takes, again and
   * again, what it cannot do.
   *
   * @param stage the stage's name
   * @param function name of its Java function, or null if it has none
   */
  public static String of(String stage, @Nullable String function) {
    return function == null ? stage : stage + "__" + function;
  }
}
