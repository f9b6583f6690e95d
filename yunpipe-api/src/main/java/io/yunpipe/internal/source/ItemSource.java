package io.yunpipe.internal.source;

import org.jspecify.annotations.Nullable;

/** Where items come from, before names are checked. */
interface ItemSource extends AutoCloseable {
  /** Returns the next item, or null at the end. */
  @Nullable SourceItem next();

  /** Says what was searched, when nothing was found: the end of "no input: …". */
  String nothing();

  @Override
  default void close() {}
}
