package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.FileErrors;
import io.yunpipe.internal.files.RelativeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files named one by one; their names are relative to a folder that holds them all. */
final class FileItems implements ItemSource {
  private static final int SHOWN = 20;

  private final List<Path> paths;
  private final Path base;
  private final NameSet names = new NameSet();
  private int next;

  FileItems(List<Path> paths) {
    this.paths = paths;
    this.base = Bases.ofFiles(paths);
  }

  /**
   * Looks at all files, so that nothing starts for a mistyped list.
   *
   * @throws InvalidInputException with all that is wrong
   */
  static void check(List<Path> paths) {
    List<String> problems = new ArrayList<>();
    FileItems items = new FileItems(paths);
    for (SourceItem item = items.next(); item != null; item = items.next()) {
      item.problem().ifPresent(problem -> problems.add(String.valueOf(problem.getMessage())));
    }
    if (problems.size() == 1) {
      throw new InvalidInputException(problems.get(0));
    }
    if (!problems.isEmpty()) {
      List<String> shown = problems.subList(0, Math.min(SHOWN, problems.size()));
      throw new InvalidInputException(
          problems.size()
              + " of "
              + paths.size()
              + " inputs cannot be used:\n  - "
              + String.join("\n  - ", shown)
              + (shown.size() < problems.size() ? "\n  - …" : ""));
    }
  }

  @Override
  public @Nullable SourceItem next() {
    if (next == paths.size()) {
      return null;
    }
    Path path = paths.get(next++);
    String name = RelativeName.of(base.relativize(path.toAbsolutePath().normalize()));
    if (!RelativeName.isFaithful(path)) {
      return SourceItem.broken(name, FileErrors.unnameable(String.valueOf(path.getParent()), name));
    }
    return names.add(name) ? SourceItem.of(name, path) : SourceItem.repeated(name);
  }

  @Override
  public String nothing() {
    return "the list of files is empty";
  }
}
