package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Where items come from, before names are checked. */
interface ItemSource extends AutoCloseable {
  /**
   * Returns the next item, or null at the end.
   *
   * @throws InvalidInputException if one cannot be used; the next call goes on after it
   */
  @Nullable SourceItem next();

  /** Says what was searched, when nothing was found: the end of "no input: …". */
  String nothing();

  /** Returns whether the same name may come twice. */
  boolean mayRepeat();

  @Override
  default void close() {}
}
