package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks names, and that there is any input. */
final class CheckedReader implements SourceReader {
  private final ItemSource source;
  private @Nullable SourceItem ahead;
  private boolean any;

  CheckedReader(ItemSource source) {
    this.source = source;
  }

  @Override
  public boolean hasNext() {
    if (ahead == null) {
      ahead = poll();
      any |= ahead != null;
      if (!any) {
        throw noInput();
      }
    }
    return ahead != null;
  }

  @Override
  public SourceItem next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    SourceItem item = ahead;
    ahead = null;
    return item;
  }

  /** Returns the next item, or null at the end. */
  @Nullable SourceItem poll() {
    SourceItem item = source.next();
    if (item == null) {
      return null;
    }
    Optional<String> problem = RelativeName.problem(item.name(), RelativeName.MAX_BYTES);
    return problem.isEmpty() ? item : unnameable(item.name(), problem.get());
  }

  /** The job that fails for it needs a name that can be a key. */
  private static SourceItem unnameable(String name, String why) {
    return SourceItem.broken(
        RelativeName.substitute(name),
        new InvalidInputException(
            "Could not take the input "
                + Quoted.of(name)
                + ": its name "
                + why
                + ". Rename it, or submit from a folder nearer to it."));
  }

  InvalidInputException noInput() {
    return new InvalidInputException(
        "There is no input: "
            + source.nothing()
            + ". Check the path, or what the program supplies.");
  }

  @Override
  public void close() {
    source.close();
  }
}
