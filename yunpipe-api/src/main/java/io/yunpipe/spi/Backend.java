package io.yunpipe.spi;

import io.yunpipe.CleanUp;
import io.yunpipe.Leftover;
import io.yunpipe.SetUp;
import io.yunpipe.SetUpListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An open backend: a store, a queue per stage, and compute. Thread-safe. */
public interface Backend extends AutoCloseable {
  /**
   * Makes what is missing. Idempotent.
   *
   * @param listener hears of changes before they are made, and may refuse them
   * @return whether all is there now; {@code false} if the listener refused changes
   */
  boolean init(SetUpListener listener);

  /** Returns what {@link #init} would change. Changes nothing. */
  default SetUp preview() {
    return SetUp.NOTHING;
  }

  /**
   * Sees to it that a submission finds what it needs. Makes only what costs nothing while it is not
   * used and needs nobody's consent.
   *
   * @return whether the pipeline's definition is to be written as well, for {@link #takesUploads};
   *     {@code false} where only {@code init} does so
   * @throws io.yunpipe.BackendException if the pipeline must be set up first
   */
  default boolean ready() {
    return init(SetUpListener.none());
  }

  /** Ends what costs while nothing runs; data stay, and {@link #init} undoes it. */
  default void park(SetUpListener listener) {}

  /** Returns the store; the same one each time. */
  ObjectStore store();

  /**
   * Returns a stage's queue; the same one each time.
   *
   * @param name its name, from {@link QueueNames}: the stage's own, or one for a Java function
   */
  JobQueue queue(String name);

  /** Returns the compute; the same one each time. */
  Compute compute();

  /** Returns how long to wait at most between two looks at a run; each look costs requests. */
  default Duration lookInterval() {
    return Duration.ofMillis(100);
  }

  /**
   * Returns whether files that anyone puts below {@code inbox/<pipeline>/} become runs; the
   * pipeline's plan is then kept in the store by {@code init}.
   */
  default boolean takesUploads() {
    return false;
  }

  /** Returns what runs cost here; empty if nothing is charged. */
  default Optional<Prices> prices() {
    return Optional.empty();
  }

  /** Returns whether {@link #announce} reaches anybody. */
  default boolean announces() {
    return false;
  }

  /** Tells a run's owner something, if there is a way. May be told twice. */
  default void announce(RunNotice notice) {}

  /** Returns whether the store is there at all; it may be part of what {@link #init} makes. */
  default boolean hasStore() {
    return true;
  }

  /**
   * Removes what was set up for the pipeline, then looks at what is left. Does not remove objects
   * of the store one by one: that is done before, if it is wanted.
   *
   * @param data whether the store goes as well, if it is the pipeline's alone
   * @return what is gone and what is kept
   */
  CleanUp remove(boolean data, SetUpListener listener);

  /** Returns what pipelines that crashed or were half removed have left, of any pipeline. */
  default List<Leftover> leftovers() {
    return List.of();
  }

  /** Removes leftovers that are removable. */
  default void removeLeftovers(List<Leftover> leftovers, SetUpListener listener) {}

  /**
   * Returns the roles of the pipeline, as {@link #createRoles} makes them; empty if it has none.
   */
  default String roles() {
    return "";
  }

  /**
   * Makes the roles of the pipeline alone, or changes them.
   *
   * @return whether they are there now; {@code false} if the listener refused
   */
  default boolean createRoles(SetUpListener listener) {
    return true;
  }

  @Override
  void close();
}
