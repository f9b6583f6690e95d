package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.ConfigurationException;
import io.yunpipe.config.AlgorithmFile;
import io.yunpipe.config.Catalogue;
import io.yunpipe.config.Description;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A description and the file that holds it.
 *
 * @param description what the file says
 * @param file the file
 */
record DescribedAlgorithm(Description description, Path file) {
  /** Reads a file, or what is described under a name. */
  static DescribedAlgorithm of(String fileOrName) {
    Path file = WorkflowArgument.described(Path.of(fileOrName));
    if (!Files.exists(file) && fileOrName.matches("[a-z0-9-]+")) {
      // Throws, saying where it was looked for and what is near.
      Algorithm unused = Catalogue.ofUser().get(fileOrName);
    }
    return new DescribedAlgorithm(AlgorithmFile.describe(file), file);
  }

  /**
   * Reads several, all before the first is used.
   *
   * @throws ConfigurationException with the problems of all
   */
  static List<DescribedAlgorithm> all(List<String> filesOrNames) {
    List<DescribedAlgorithm> all = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String each : filesOrNames) {
      try {
        DescribedAlgorithm read = of(each);
        String name = read.description().algorithm().name();
        if (names.contains(name)) {
          problems.add(each + ": a file before it describes " + name + " too");
        }
        names.add(name);
        all.add(read);
      } catch (ConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException("of algorithms", problems);
    }
    return all;
  }

  /** Returns where this user keeps it. */
  Path kept() {
    return Catalogue.userFolder().resolve(description.algorithm().name() + ".json");
  }
}
