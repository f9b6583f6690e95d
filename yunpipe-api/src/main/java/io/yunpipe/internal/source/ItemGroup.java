package io.yunpipe.internal.source;

import java.util.List;

/**
 * Inputs that make one job.
 *
 * @param key what their names have in common; the group's name
 * @param items at least one, in the order in which they came
 */
public record ItemGroup(String key, List<SourceItem> items) {
  /** Copies the list. */
  public ItemGroup {
    items = List.copyOf(items);
  }
}
