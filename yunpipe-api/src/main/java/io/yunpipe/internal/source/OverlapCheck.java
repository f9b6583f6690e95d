package io.yunpipe.internal.source;

import io.yunpipe.Inputs;
import io.yunpipe.internal.files.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds output folders that cannot take results, or that would mix with the inputs: results would
 * be taken as inputs next time.
 */
public final class OverlapCheck {
  private OverlapCheck() {}

  /** Returns what is wrong with an output folder for these inputs, or empty. */
  public static Optional<String> problem(Inputs inputs, Path output) {
    return unusable(output)
        .or(
            () ->
                Sources.places(inputs).stream()
                    .map(place -> problem(place, output))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  /** Returns what is wrong with an output folder whatever the inputs are, or empty. */
  public static Optional<String> unusable(Path output) {
    Path absolute = output.toAbsolutePath();
    Path existing = absolute;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    String shown = existing.equals(absolute) ? "it" : Quoted.of(existing);
    if (!Files.isDirectory(existing)) {
      return Optional.of(
          refused(output)
              + shown
              + " is not a folder. Name a folder, or one that does not exist yet.");
    }
    return Files.isWritable(existing)
        ? Optional.empty()
        : Optional.of(
            refused(output)
                + "this user may not write to "
                + shown
                + ". Let this user write there, or name another folder.");
  }

  private static String refused(Path output) {
    return "Could not use " + Quoted.of(output) + " as the output folder: ";
  }

  /**
   * Returns what is wrong with an output folder for an input, or empty. Links are resolved; neither
   * need exist.
   */
  public static Optional<String> problem(Path input, Path output) {
    Path in = real(input);
    Path out = real(output);
    String relation;
    if (in.equals(out)) {
      relation = "it is the input itself";
    } else if (out.startsWith(in)) {
      relation = "it lies inside the input " + Quoted.of(input);
    } else if (in.startsWith(out)) {
      relation = "the input " + Quoted.of(input) + " lies inside it";
    } else {
      return Optional.empty();
    }
    return Optional.of(
        refused(output)
            + relation
            + ". Name a folder apart from the input, such as "
            + Quoted.of(apart(in))
            + ".");
  }

  private static Path apart(Path in) {
    return in.resolveSibling((in.getFileName() == null ? "" : in.getFileName() + "-") + "results");
  }

  /** Resolves the links of the part that exists. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath();
    Path existing = absolute;
    while (existing != null) {
      try {
        Path real = existing.toRealPath();
        return real.resolve(existing.relativize(absolute)).normalize();
      } catch (IOException e) {
        Optional<Path> target = danglingTarget(existing);
        if (target.isPresent()) {
          return target.get().resolve(existing.relativize(absolute)).normalize();
        }
        existing = existing.getParent();
      }
    }
    return absolute.normalize();
  }

  /** A link to a folder that is yet to be made. */
  private static Optional<Path> danglingTarget(Path link) {
    try {
      if (Files.isSymbolicLink(link) && !Files.exists(link)) {
        Path target = link.resolveSibling(Files.readSymbolicLink(link));
        return Files.exists(target, LinkOption.NOFOLLOW_LINKS)
            ? Optional.empty()
            : Optional.of(real(target));
      }
    } catch (IOException e) {
      // As if it were no link.
    }
    return Optional.empty();
  }
}
