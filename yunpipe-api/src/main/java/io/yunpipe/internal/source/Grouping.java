package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Groups inputs by what the first group of a pattern finds in their whole names. With a size a
 * group is returned as soon as it has so many, and only the items of open groups are held; without
 * one, groups are returned when all inputs were read. An input with a problem that fits no group is
 * one by itself. Not thread-safe.
 */
public final class Grouping implements Iterator<ItemGroup>, AutoCloseable {
  private static final int SHOWN = 5;

  private final SourceReader reader;
  private final Pattern pattern;
  private final int size;
  private final Map<String, List<SourceItem>> open = new LinkedHashMap<>();
  private final NameSet complete = new NameSet();
  private @Nullable ItemGroup ahead;

  /**
   * Wraps a reader, which is closed with this.
   *
   * @param pattern with at least one group; must match whole names
   * @param size items in a group; 0 if that is known only at the end
   */
  public Grouping(SourceReader reader, Pattern pattern, int size) {
    this.reader = reader;
    this.pattern = pattern;
    this.size = size;
  }

  /**
   * Returns whether there is another group.
   *
   * @throws InvalidInputException if an input cannot be used or its name does not match, a group
   *     has too many inputs, or too few when all were read
   */
  @Override
  public boolean hasNext() {
    while (ahead == null && reader.hasNext()) {
      ahead = add(reader.next());
    }
    if (ahead == null && !open.isEmpty()) {
      if (size > 0) {
        throw incomplete();
      }
      Iterator<Map.Entry<String, List<SourceItem>>> groups = open.entrySet().iterator();
      Map.Entry<String, List<SourceItem>> first = groups.next();
      ahead = new ItemGroup(first.getKey(), first.getValue());
      groups.remove();
    }
    return ahead != null;
  }

  @Override
  public ItemGroup next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    ItemGroup group = ahead;
    ahead = null;
    return group;
  }

  private @Nullable ItemGroup add(SourceItem item) {
    if (item.problem().isPresent() && !pattern.matcher(item.name()).matches()) {
      return new ItemGroup(item.name(), List.of(item));
    }
    String key = key(item.name());
    List<SourceItem> items = open.computeIfAbsent(key, k -> new ArrayList<>());
    items.add(item);
    if (size == 0 || items.size() < size) {
      return null;
    }
    open.remove(key);
    if (!complete.add(key)) {
      throw new InvalidInputException(
          "Could not group the inputs: the group "
              + Quoted.of(key)
              + " has more than "
              + size
              + ", with "
              + shown(items)
              + ". Take some out, or change groupBy "
              + Quoted.of(pattern)
              + ".");
    }
    return new ItemGroup(key, items);
  }

  private String key(String name) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.matches()) {
      throw new InvalidInputException(
          "Could not group the input "
              + Quoted.of(name)
              + ": groupBy "
              + Quoted.of(pattern)
              + " does not match its whole name. Take the input out, or change the pattern.");
    }
    String key = matcher.group(1);
    if (key == null
        || key.isEmpty()
        || RelativeName.problem(key, RelativeName.MAX_BYTES).isPresent()) {
      throw new InvalidInputException(
          "Could not group the input "
              + Quoted.of(name)
              + ": the first (group) of groupBy "
              + Quoted.of(pattern)
              + " finds "
              + (key == null ? "nothing" : Quoted.of(key))
              + ", which cannot name a job. Change the pattern.");
    }
    return key;
  }

  private InvalidInputException incomplete() {
    String groups =
        open.entrySet().stream()
            .limit(SHOWN)
            .map(
                group ->
                    (complete.add(group.getKey()) ? "" : "once more ")
                        + Quoted.of(group.getKey())
                        + " with only "
                        + shown(group.getValue()))
            .collect(Collectors.joining("; "));
    return new InvalidInputException(
        "Could not group the inputs: each group needs "
            + size
            + ", but "
            + open.size()
            + (open.size() == 1 ? " has" : " have")
            + " fewer: "
            + groups
            + (open.size() > SHOWN ? "; …" : "")
            + ". Add what is missing, or take these inputs out.");
  }

  private static String shown(List<SourceItem> items) {
    return items.stream().map(item -> Quoted.of(item.name())).collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    reader.close();
  }
}
