package io.yunpipe.runner;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.AlgorithmSpec;
import io.yunpipe.internal.archive.DeterministicZip;
import io.yunpipe.spi.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names under which a job's files become its outputs. */
final class ResultNames {
  private ResultNames() {}

  /** Returns the name of the file that {@code $output} stands for: the input's, or the job's. */
  static String fileName(Attempt attempt, @Nullable Path input) {
    if (input != null && !attempt.gather() && Files.isRegularFile(input)) {
      return String.valueOf(input.getFileName());
    }
    return lastPart(attempt.name());
  }

  /**
   * Applies the naming rule and packs a folder, as the algorithm asks.
   *
   * @param files outputs as the algorithm wrote them
   */
  static SortedMap<String, Content> apply(
      Attempt attempt, Scratch scratch, SortedMap<String, Content> files)
      throws IOException, JobProblem {
    AlgorithmSpec spec = attempt.algorithm();
    if (files.isEmpty()) {
      return files;
    }
    String prefix = "Result-" + spec.name() + "-";
    String first = files.firstKey();
    boolean single = files.size() == 1 && first.indexOf('/') < 0;
    if (single) {
      return spec.naming().equals("yunpipe") ? one(prefix + first, files.get(first)) : files;
    }
    if (!spec.zipResults()) {
      return files;
    }
    Path zip = scratch.file("result.zip");
    try {
      DeterministicZip.write(scratch.out(), zip);
    } catch (InvalidInputException e) {
      throw JobProblem.permanent(String.valueOf(e.getMessage()));
    }
    return one(prefix + withoutExtension(lastPart(attempt.name())) + ".zip", Content.moving(zip));
  }

  /** Returns the one file that is kept of a zipped job, under the zip's name. */
  static SortedMap<String, Content> zipped(Attempt attempt, Path work, String kept)
      throws IOException, JobProblem {
    Map<String, Content> found = new OutputFolder(work, work.toString()).only(kept);
    Content file = found.get(kept);
    if (file == null) {
      throw JobProblem.passing(
          "did not write '" + kept + "' into the unpacked folder, which is kept as the result");
    }
    String extension = attempt.algorithm().zippedExtension();
    return one(lastPart(attempt.name()) + (extension == null ? "" : extension), file);
  }

  private static SortedMap<String, Content> one(String name, @Nullable Content content)
      throws JobProblem {
    String wrong = OutputNames.problem(name);
    if (wrong != null) {
      throw JobProblem.permanent("cannot keep an output: its name " + wrong);
    }
    SortedMap<String, Content> files = new TreeMap<>();
    if (content != null) {
      files.put(name, content);
    }
    return files;
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String withoutExtension(String file) {
    int dot = file.lastIndexOf('.');
    return dot <= 0 ? file : file.substring(0, dot);
  }
}
