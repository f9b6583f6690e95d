package io.yunpipe.runner;

import io.yunpipe.spi.Content;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what a job left in its output folder, trusting none of it: regular files are outputs; a
 * link to a file inside the folder becomes a copy of it; every other thing is refused by name. For
 * one thread, after all processes of the job have ended.
 */
final class OutputFolder {
  static final int TYPE = 0170000;
  static final int REGULAR = 0100000;
  private static final int FOLDER = 0040000;
  private static final int LINK = 0120000;
  private static final int SPECIAL_BITS = 07000;
  private static final int OWNER_READS = 0400;
  private static final int OWNER_WRITES = 0200;
  private static final int OWNER_ALL = 0700;

  private final Path root;
  private final String seenAs;
  private final SortedMap<String, Content> files = new TreeMap<>();
  private final List<String> links = new ArrayList<>();

  /**
   * Describes a folder.
   *
   * @param seenAs its path as the command saw it, where absolute links may start
   */
  OutputFolder(Path root, String seenAs) {
    this.root = root;
    this.seenAs = seenAs;
  }

  /** Returns the files by path, in order. */
  SortedMap<String, Content> files() throws IOException, JobProblem {
    if (Files.isSymbolicLink(root)) {
      throw JobProblem.permanent("the output folder was replaced by a link: results were refused");
    }
    if (Files.isDirectory(root)) {
      open(root);
      walk(root, "");
    }
    return files;
  }

  /** Returns the one file at a path, as if the folder held nothing else. */
  SortedMap<String, Content> only(String name) throws IOException, JobProblem {
    Path file = root.resolve(name).normalize();
    if (!file.startsWith(root) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return files;
    }
    if (!file.resolveSibling("").toRealPath().startsWith(root.toRealPath())) {
      throw refused(name, "lies behind a link that leaves the folder");
    }
    add(file, name);
    return files;
  }

  /** Returns a line for each link that became a copy. */
  List<String> links() {
    return links;
  }

  private void walk(Path folder, String prefix) throws IOException, JobProblem {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path entry : found) {
      add(entry, prefix + entry.getFileName());
    }
  }

  private void add(Path file, String name) throws IOException, JobProblem {
    String wrong = OutputNames.problem(name);
    if (wrong != null) {
      throw JobProblem.permanent("cannot keep an output: its name " + wrong);
    }
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:mode,nlink", LinkOption.NOFOLLOW_LINKS);
    int mode = number(attributes, "mode");
    switch (mode & TYPE) {
      case REGULAR -> {
        readable(file, mode);
        // A second name of the same file would let someone change what is stored.
        boolean shared = number(attributes, "nlink") > 1;
        files.put(name, shared ? Content.of(file) : Content.moving(file));
      }
      case FOLDER -> {
        open(file);
        walk(file, name + "/");
      }
      case LINK -> files.put(name, copyOfTarget(file, name));
      default -> throw refused(name, "is " + typeName(mode & TYPE));
    }
  }

  private static int number(Map<String, Object> attributes, String name) {
    return (Integer) Objects.requireNonNull(attributes.get(name));
  }

  private static void readable(Path file, int mode) throws IOException {
    if ((mode & OWNER_READS) == 0 || (mode & SPECIAL_BITS) != 0) {
      Files.setAttribute(file, "unix:mode", (mode & 0777) | OWNER_READS | OWNER_WRITES);
    }
  }

  private static void open(Path folder) throws IOException {
    int mode = (Integer) Files.getAttribute(folder, "unix:mode");
    if ((mode & OWNER_ALL) != OWNER_ALL) {
      Files.setAttribute(folder, "unix:mode", (mode & 0777) | OWNER_ALL);
    }
  }

  private Content copyOfTarget(Path link, String name) throws IOException, JobProblem {
    Path target = Files.readSymbolicLink(link);
    String what = "is a link to '" + target + "'";
    Path start =
        target.startsWith(seenAs) ? root.resolve(Path.of(seenAs).relativize(target)) : target;
    Path real;
    try {
      real = link.resolveSibling(start).toRealPath();
    } catch (NoSuchFileException e) {
      throw refused(name, what + ", which does not exist");
    } catch (FileSystemLoopException e) {
      throw refused(name, what + ", which leads back to itself");
    } catch (FileSystemException e) {
      throw refused(name, what + ", which cannot be followed (" + e.getReason() + ")");
    }
    if (!real.startsWith(root.toRealPath())) {
      throw refused(name, what + ", outside the output folder");
    }
    if (!Files.isRegularFile(real)) {
      throw refused(name, what + ", which is not a file");
    }
    readable(real, (Integer) Files.getAttribute(real, "unix:mode"));
    Path copy = link.resolveSibling(".yunpipe-copy");
    Files.copy(real, copy, StandardCopyOption.REPLACE_EXISTING);
    Files.move(copy, link, StandardCopyOption.ATOMIC_MOVE);
    links.add("output '" + name + "' " + what + ": kept as a copy");
    return Content.moving(link);
  }

  private static JobProblem refused(String name, String why) {
    return JobProblem.permanent(
        "refused output '" + name + "': it " + why + ". Only files can be results.");
  }

  private static String typeName(int type) {
    return switch (type) {
      case 0140000 -> "a socket";
      case 0010000 -> "a named pipe";
      case 0060000, 0020000 -> "a device";
      default -> "neither a file nor a folder";
    };
  }
}
