package io.yunpipe.runner;

import io.yunpipe.JobOutput;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A function's outputs: in memory as long as they are few and small, then in the output folder. */
final class FunctionOutput implements JobOutput {
  private static final int SMALL = 64 << 10;
  private static final int SMALL_TOTAL = 1 << 20;

  private final Attempt attempt;
  private final Scratch scratch;
  private final FunctionLog log;
  private final SortedMap<String, Content> memory = new TreeMap<>();
  private long inMemory;
  private @Nullable Path folder;

  FunctionOutput(Attempt attempt, Scratch scratch, FunctionLog log) {
    this.attempt = attempt;
    this.scratch = scratch;
    this.log = log;
  }

  @Override
  public Path folder() throws IOException {
    Path out = folder;
    if (out == null) {
      out = scratch.out();
      folder = out;
      for (Map.Entry<String, Content> entry : memory.entrySet()) {
        toFile(out, entry.getKey(), entry.getValue().open().readAllBytes());
      }
      memory.clear();
    }
    return out;
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    String wrong = OutputNames.problem(name);
    if (wrong != null) {
      throw new IOException("cannot write an output: its name " + wrong);
    }
    if (folder == null
        && content.length <= SMALL
        && inMemory + content.length <= SMALL_TOTAL
        && !attempt.algorithm().zipResults()) {
      if (memory.putIfAbsent(name, Content.of(content.clone())) != null) {
        throw writtenTwice(name);
      }
      inMemory += content.length;
    } else {
      toFile(folder(), name, content);
    }
  }

  private static void toFile(Path folder, String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw writtenTwice(name);
    }
  }

  private static IOException writtenTwice(String name) {
    return new IOException(
        "output '" + name + "' was written twice, or one output has the name of another's folder");
  }

  @Override
  public void log(String line) {
    log.add(line);
  }

  /** Returns what was written. */
  SortedMap<String, Content> files() throws IOException, JobProblem {
    Path out = folder;
    if (out == null) {
      return ResultNames.apply(attempt, scratch, memory);
    }
    OutputFolder written = new OutputFolder(out, out.toString());
    SortedMap<String, Content> files = written.files();
    written.links().forEach(log::add);
    return ResultNames.apply(attempt, scratch, files);
  }
}
