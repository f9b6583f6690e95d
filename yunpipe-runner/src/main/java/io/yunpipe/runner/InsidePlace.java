package io.yunpipe.runner;

import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.AlgorithmSpec.StagedEntry;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs an image's command where the image itself is: this program was added to it, and no engine is
 * needed. The command finds its files under the same paths as in a container of its own, which are
 * links into the scratch folder; so there can be one job at a time.
 */
final class InsidePlace implements Place {
  private static final String ROOT = "/yunpipe";

  private final Attempt attempt;
  private final AlgorithmSpec spec;
  private final Scratch scratch;
  private final HostPlace host;
  private final List<String> entryPoint;
  private final Map<Path, Path> links = new LinkedHashMap<>();

  InsidePlace(Attempt attempt, Scratch scratch, HostPlace host, List<String> entryPoint) {
    this.attempt = attempt;
    this.spec = attempt.algorithm();
    this.scratch = scratch;
    this.host = host;
    this.entryPoint = entryPoint;
  }

  @Override
  public void ready() throws IOException, JobProblem {
    link(inputs(), scratch.in());
    link(outputs(), scratch.out());
    if (usesWork()) {
      link(Path.of(ContainerPlace.WORK), scratch.work());
    }
  }

  private Path inputs() {
    return inRoot() ? Path.of(ROOT, "in") : Path.of(spec.inputPath()).normalize();
  }

  private Path outputs() {
    return spec.outputPath().equals("/")
        ? Path.of(ROOT, "out")
        : Path.of(spec.outputPath()).normalize();
  }

  /** The one input file lies in the root folder, as the earlier yunpipe had it. */
  private boolean inRoot() {
    return spec.inputPath().equals("/");
  }

  private boolean usesWork() {
    return spec.zippedOutput() != null
        || spec.staging().stream().anyMatch(entry -> !entry.path().startsWith("/"));
  }

  /** A link of an earlier job, also of an earlier worker, is replaced; nothing of the image is. */
  private void link(Path at, Path target) throws IOException, JobProblem {
    try {
      Path parent = at.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (Files.isSymbolicLink(at) || Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(at);
      }
      Files.createSymbolicLink(at, target);
      links.put(at, target);
    } catch (DirectoryNotEmptyException | java.nio.file.FileAlreadyExistsException e) {
      throw JobProblem.permanent(
          "cannot place files at '"
              + at
              + "': the image has something there already; choose another path for inputs or outputs");
    } catch (AccessDeniedException e) {
      throw JobProblem.permanent(
          "cannot place files at '"
              + at
              + "': the user of this container may not write there; let the image make the folder "
              + at.getParent()
              + " and give it to that user, or start the container as root");
    }
  }

  @Override
  public boolean alwaysStaged() {
    return true;
  }

  @Override
  public void stage(StagedEntry entry, StageIn stageIn)
      throws IOException, JobProblem, InterruptedException {
    Path path = Path.of(entry.path()).normalize();
    if (!path.isAbsolute()) {
      stageIn.entry(entry, scratch.work(), path.toString());
      return;
    }
    Path folder = scratch.folder("at" + links.size());
    link(path, stageIn.entry(entry, folder, String.valueOf(path.getFileName())));
  }

  @Override
  public String seen(Path file) throws IOException {
    if (inRoot() && file.startsWith(scratch.in()) && !file.equals(scratch.in())) {
      return "/" + file.getFileName();
    }
    for (Map.Entry<Path, Path> link : links.entrySet()) {
      if (file.startsWith(link.getValue())) {
        Path below = link.getValue().relativize(file);
        return below.toString().isEmpty()
            ? link.getKey().toString()
            : link.getKey().resolve(below).toString();
      }
    }
    return file.toString();
  }

  @Override
  public Path file(String seen) throws IOException, JobProblem {
    Path path = Path.of(seen).normalize();
    if (!path.isAbsolute()) {
      return scratch.work().resolve(path);
    }
    if (inRoot() && path.getNameCount() == 1) {
      return scratch.in().resolve(path.getFileName());
    }
    for (Map.Entry<Path, Path> link : links.entrySet()) {
      if (path.startsWith(link.getKey())) {
        return link.getValue().resolve(link.getKey().relativize(path));
      }
    }
    throw JobProblem.permanent("standard input '" + seen + "' is not a staged file");
  }

  @Override
  public Map<String, String> environment() throws IOException {
    return host.environment();
  }

  @Override
  public ProcessBuilder process(List<String> argv, Map<String, String> environment)
      throws IOException, JobProblem {
    if (inRoot() && !attempt.gather()) {
      linkOnlyInput();
    }
    List<String> command = argv.isEmpty() ? entryPoint : argv;
    if (command.isEmpty()) {
      throw JobProblem.permanent(
          "the algorithm names no command and the image's own entry point is not known: set"
              + " YUNPIPE_ENTRYPOINT to it, a JSON array, or give the algorithm a command");
    }
    Path work = usesWork() ? scratch.work() : Path.of("").toAbsolutePath();
    return host.process(command, environment, work);
  }

  private void linkOnlyInput() throws IOException, JobProblem {
    try (Stream<Path> files = Files.walk(scratch.in())) {
      List<Path> found = files.filter(Files::isRegularFile).limit(2).toList();
      if (found.size() == 1) {
        link(Path.of("/").resolve(found.get(0).getFileName()), found.get(0));
      }
    }
  }

  @Override
  public JobProblem explain(IOException failure, List<String> argv) throws IOException {
    return host.explain(failure, argv.isEmpty() ? entryPoint : argv);
  }

  @Override
  public JobProblem explain(int code, String logTail, List<String> argv) {
    return host.explain(code, logTail, argv);
  }

  @Override
  public boolean again(int code, String logTail) {
    return false;
  }

  @Override
  public void end(Process process) {
    host.end(process);
  }

  @Override
  public int endLeftovers(Process process) {
    return host.endLeftovers(process);
  }
}
