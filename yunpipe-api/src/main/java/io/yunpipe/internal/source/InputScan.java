package io.yunpipe.internal.source;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a submission would take, found without reading any content.
 *
 * @param inputs how many can be taken
 * @param bytes how many bytes of them are not in the store yet
 * @param problems what is wrong, one sentence each
 */
public record InputScan(long inputs, long bytes, List<String> problems) {
  /** Copies the list. */
  public InputScan {
    problems = List.copyOf(problems);
  }

  /**
   * Looks at all inputs, or at so many until there are too many problems. {@link Inputs.Items} are
   * used up by it.
   *
   * @param store for {@link Inputs.Prefix}; may be null for others
   * @param maxProblems stops at so many; a last line says that there may be more
   * @param each sees each input that can be taken, such as to count groups; may throw {@link
   *     InvalidInputException}, which becomes a problem
   */
  public static InputScan of(
      Inputs inputs, @Nullable ObjectStore store, int maxProblems, Consumer<SourceItem> each) {
    List<String> problems = new ArrayList<>();
    long count = 0;
    long bytes = 0;
    try (CheckedReader reader = Sources.openChecked(inputs, store)) {
      boolean more = true;
      while (more && problems.size() < maxProblems) {
        try {
          SourceItem item = reader.poll();
          more = item != null;
          if (item != null && item.problem().isPresent()) {
            problems.add(String.valueOf(item.problem().get().getMessage()));
          } else if (item != null) {
            unreadable(item).ifPresent(problems::add);
            each.accept(item);
            count++;
            bytes += item.stored().isPresent() ? 0 : item.size();
          }
        } catch (InvalidInputException e) {
          problems.add(String.valueOf(e.getMessage()));
        }
      }
      if (more) {
        problems.add("There may be more problems; only the first " + maxProblems + " are listed.");
      } else if (count == 0 && problems.isEmpty()) {
        problems.add(String.valueOf(reader.noInput().getMessage()));
      }
    } catch (InvalidInputException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return new InputScan(count, bytes, problems);
  }

  private static Optional<String> unreadable(SourceItem item) {
    Optional<Path> file = item.file();
    return file.isPresent() && !Files.isReadable(file.get())
        ? Optional.of(
            "Could not read "
                + Quoted.of(file.get())
                + ": permission denied. Make it readable for the user who submits.")
        : Optional.empty();
  }
}
