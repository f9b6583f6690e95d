package io.yunpipe.internal.source;

import io.yunpipe.Input;
import io.yunpipe.InvalidInputException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Inputs that a program supplies. */
final class GivenItems implements ItemSource {
  private final Iterator<Input> inputs;

  GivenItems(Iterator<Input> inputs) {
    this.inputs = inputs;
  }

  @Override
  public @Nullable SourceItem next() {
    if (!inputs.hasNext()) {
      return null;
    }
    Input input = inputs.next();
    if (input.bytes().isPresent()) {
      return SourceItem.of(input.name(), input.bytes().get());
    }
    return SourceItem.of(input.name(), input.file().orElseThrow());
  }

  @Override
  public String nothing() {
    return "the iterator or stream of inputs is empty";
  }

  @Override
  public void close() {
    if (inputs instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new InvalidInputException("Could not close the inputs: " + e.getMessage(), e);
      }
    }
  }
}
