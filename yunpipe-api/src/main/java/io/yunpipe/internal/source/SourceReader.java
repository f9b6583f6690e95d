package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import java.util.NoSuchElementException;

/**
 * A run's inputs, one after the other. Reads ahead by one. Not thread-safe, but the items are;
 * those from a zip can be read until this is closed.
 */
public interface SourceReader extends AutoCloseable {
  /**
   * Returns whether there is another input. One that cannot be used is one, too; it says so in
   * {@link SourceItem#problem()}.
   *
   * @throws InvalidInputException if there was none at all, or what supplies them fails
   */
  boolean hasNext();

  /**
   * Returns the next input.
   *
   * @throws InvalidInputException as {@link #hasNext()}
   * @throws NoSuchElementException if there is none
   */
  SourceItem next();

  @Override
  void close();
}
