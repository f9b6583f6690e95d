package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.wrap.ImageView;
import io.yunpipe.wrap.Images;
import io.yunpipe.wrap.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks whether what is said about an image is so. */
final class ImageCheck {
  /** Programs that are given another program's file. */
  private static final Set<String> INTERPRETERS =
      Set.of("sh", "bash", "dash", "python", "python3", "perl", "ruby", "Rscript", "java", "node");

  private ImageCheck() {}

  /**
   * Finds what a user means by the name of an image: what was built or loaded here, or else what
   * its registry has.
   *
   * @throws IllegalArgumentException if it is not the name of an image
   * @throws io.yunpipe.BackendException if the registry cannot tell, and the engine of this machine
   *     has none of that name
   */
  static Optional<ImageView> find(String image) {
    return Images.nearest(image, note -> Messages.say("  note: " + note));
  }

  /** Returns whether an image is named as a file, a folder or what an engine has. */
  static boolean ofThisMachine(String image) {
    return image.startsWith("engine:") || image.startsWith("oci:") || image.startsWith("tar:");
  }

  /** Returns an image's name, what it runs on and how large it is, in one line. */
  static String summary(ImageView image) {
    return image.source()
        + ": "
        + image.platforms().stream().map(Platform::toString).collect(Collectors.joining(", "))
        + ", "
        + Messages.bytes(image.bytes());
  }

  /** Returns whether an image says what runs in it. */
  static boolean runs(ImageView image) {
    return !image.config().entryPoint().isEmpty() || !image.config().command().isEmpty();
  }

  /** Returns what an algorithm needs that its image has not; empty if nothing. */
  static List<String> missing(ImageView image, Algorithm algorithm) {
    List<String> missing = new ArrayList<>();
    Set<String> staged =
        algorithm.staging().stream().map(entry -> entry.path()).collect(Collectors.toSet());
    for (String program : programs(algorithm.argv())) {
      if (!staged.contains(program) && !image.has(program)) {
        missing.add(
            program.startsWith("/")
                ? "the image " + image.source() + " has no file " + program
                : "the image " + image.source() + " has no program " + program + " in its PATH");
      }
    }
    if (algorithm.argv().isEmpty() && !runs(image)) {
      missing.add("the image " + image.source() + " has no entry point; say what to run in it");
    }
    algorithm
        .executablePath()
        .filter(path -> path.startsWith("/") && !staged.contains(path) && !image.has(path))
        .ifPresent(
            path -> missing.add("the image " + image.source() + " has no executable_path " + path));
    return missing;
  }

  /** Returns what must be in the image to run a command: its program, and what that interprets. */
  private static List<String> programs(List<String> argv) {
    List<String> programs = new ArrayList<>();
    if (!argv.isEmpty() && isFixed(argv.get(0))) {
      String program = argv.get(0);
      programs.add(program);
      String name = program.substring(program.lastIndexOf('/') + 1);
      if (argv.size() > 1 && INTERPRETERS.contains(name) && argv.get(1).startsWith("/")) {
        programs.add(argv.get(1));
      }
    }
    programs.removeIf(program -> !isFixed(program));
    return programs;
  }

  /** Whether a word names one file, whatever the job and its working folder are. */
  private static boolean isFixed(String word) {
    return !word.contains("$") && (word.startsWith("/") || !word.contains("/"));
  }
}
