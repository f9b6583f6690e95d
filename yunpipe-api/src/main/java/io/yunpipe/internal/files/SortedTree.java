package io.yunpipe.internal.files;

import io.yunpipe.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks a folder in order of its names' UTF-8 bytes. Reads one folder at a time, and holds the
 * names of only those folders that it is inside of. Links are reported and never entered, so loops
 * end. Not thread-safe.
 */
public final class SortedTree {
  private static final String UNNAMEABLE = "\0";

  private final boolean takeHidden;
  private final int maxDepth;
  private final Deque<Level> levels = new ArrayDeque<>();
  private long hiddenSkipped;

  /**
   * What a walk meets.
   *
   * @param name path below the root, with {@code /}; without one at the end
   * @param path where it is
   * @param folder whether it is a folder and not a link to one
   * @param problem why it cannot be named or listed, or null
   */
  public record Entry(
      String name, Path path, boolean folder, @Nullable InvalidInputException problem) {}

  private static final class Level {
    final Path folder;
    final String prefix;
    final List<@Nullable String> names;
    int next;

    Level(Path folder, String prefix, List<@Nullable String> names) {
      this.folder = folder;
      this.prefix = prefix;
      this.names = names;
    }
  }

  /**
   * Begins a walk.
   *
   * @param root a folder, or a link to one
   * @param takeHidden whether names that start with a dot are reported
   * @param maxDepth how many folders deep, from 1
   * @throws InvalidInputException if the root cannot be listed
   */
  public SortedTree(Path root, boolean takeHidden, int maxDepth) {
    this.takeHidden = takeHidden;
    this.maxDepth = maxDepth;
    levels.push(list(root, ""));
  }

  /** Returns how many hidden files and folders were passed over so far. */
  public long hiddenSkipped() {
    return hiddenSkipped;
  }

  /**
   * Returns the next file, link or folder, or null at the end; a folder comes before what it holds.
   */
  public @Nullable Entry next() {
    while (true) {
      Level level = levels.peek();
      if (level == null) {
        return null;
      }
      if (level.next == level.names.size()) {
        levels.pop();
        continue;
      }
      // Taken out, so that the memory of a huge folder shrinks on the way.
      String name = String.valueOf(level.names.set(level.next++, null));
      return name.startsWith(UNNAMEABLE)
          ? unnameable(level, name.substring(UNNAMEABLE.length()))
          : entry(level, name);
    }
  }

  private static Entry unnameable(Level level, String shown) {
    return new Entry(
        level.prefix + shown,
        level.folder,
        false,
        FileErrors.unnameable(level.folder.toString(), shown));
  }

  private Entry entry(Level level, String name) {
    boolean folder = name.endsWith("/");
    String plain = folder ? name.substring(0, name.length() - 1) : name;
    Path path = level.folder.resolve(plain);
    InvalidInputException problem = null;
    if (folder && levels.size() < maxDepth) {
      try {
        levels.push(list(path, level.prefix + name));
      } catch (InvalidInputException e) {
        problem = e;
      }
    }
    return new Entry(level.prefix + plain, path, folder, problem);
  }

  private Level list(Path folder, String prefix) {
    List<@Nullable String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path child : stream) {
        String name = String.valueOf(child.getFileName());
        if (!takeHidden && name.startsWith(".")) {
          hiddenSkipped++;
        } else if (!RelativeName.isFaithful(child)) {
          names.add(UNNAMEABLE + name);
        } else {
          // The slash makes this order the order of whole paths.
          names.add(Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) ? name + "/" : name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw FileErrors.unreadable(folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw FileErrors.unreadable(folder, e);
    }
    names.sort(SortedTree::order);
    return new Level(folder, prefix, names);
  }

  private static int order(@Nullable String left, @Nullable String right) {
    return Utf8Order.INSTANCE.compare(String.valueOf(left), String.valueOf(right));
  }
}
