package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Checks names, repetitions and that there is any input. */
final class CheckedReader implements SourceReader {
  private final ItemSource source;
  private final NameSet names = new NameSet();
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

  /** Returns the next item or null; after an exception for one, the next call goes on. */
  @Nullable SourceItem poll() {
    SourceItem item = source.next();
    if (item == null) {
      return null;
    }
    RelativeName.problem(item.name(), RelativeName.MAX_BYTES)
        .ifPresent(
            why -> {
              throw new InvalidInputException(
                  "Could not take the input "
                      + Quoted.of(item.name())
                      + ": its name "
                      + why
                      + ". Rename it, or submit from a folder nearer to it.");
            });
    if (source.mayRepeat() && !names.add(item.name())) {
      throw new InvalidInputException(
          "Could not take the input "
              + Quoted.of(item.name())
              + item.file().map(file -> " (" + Quoted.of(file) + ")").orElse("")
              + ": another input has that name. Give each input once, and each a name of its own.");
    }
    return item;
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
