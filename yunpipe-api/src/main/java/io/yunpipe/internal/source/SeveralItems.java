package io.yunpipe.internal.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Inputs of several kinds, one kind after the other; a part is opened when its turn comes. */
final class SeveralItems implements ItemSource {
  private final Iterator<Part> parts;
  private final List<String> nothing = new ArrayList<>();
  private final List<ItemSource> finished = new ArrayList<>();
  private final NameSet names = new NameSet();
  private @Nullable ItemSource current;
  private String prefix = "";

  /**
   * A part.
   *
   * @param prefix what its names get in front: empty, or ends with a slash
   */
  record Part(String prefix, Supplier<ItemSource> source) {}

  SeveralItems(List<Part> parts) {
    this.parts = parts.iterator();
  }

  @Override
  public @Nullable SourceItem next() {
    while (true) {
      ItemSource source = current;
      if (source == null) {
        if (!parts.hasNext()) {
          return null;
        }
        Part part = parts.next();
        prefix = part.prefix();
        current = part.source().get();
        continue;
      }
      SourceItem item = source.next();
      if (item != null) {
        return once(prefix.isEmpty() ? item : item.renamed(prefix + item.name()));
      }
      nothing.add(source.nothing());
      // Stays open: entries of a zip may be read until the end.
      finished.add(source);
      current = null;
    }
  }

  /** A file that two of the parts hold makes one job that runs and one that says so. */
  private SourceItem once(SourceItem item) {
    return names.add(item.name()) ? item : SourceItem.repeated(item.name());
  }

  @Override
  public String nothing() {
    StringJoiner text = new StringJoiner("; and ");
    nothing.forEach(text::add);
    return text.toString();
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
    }
    finished.forEach(ItemSource::close);
  }
}
