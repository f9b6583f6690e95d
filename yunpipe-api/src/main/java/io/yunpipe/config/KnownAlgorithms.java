package io.yunpipe.config;

import com.typesafe.config.ConfigObject;
import io.yunpipe.Algorithm;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The algorithms that a workflow may name: those of its own file, then the catalogue's. */
final class KnownAlgorithms {
  private final Map<String, @Nullable Algorithm> own = new LinkedHashMap<>();
  private final Map<String, @Nullable Algorithm> found = new HashMap<>();
  private final Catalogue catalogue;
  private final List<String> warnings;

  KnownAlgorithms(Catalogue catalogue, List<String> warnings) {
    this.catalogue = catalogue;
    this.warnings = warnings;
  }

  /** Reads the algorithms of the file itself. */
  void define(Fields algorithms, Path base) {
    for (String name : algorithms.keysInOrder()) {
      Fields block = algorithms.value(name) instanceof ConfigObject ? algorithms.block(name) : null;
      if (block != null) {
        own.put(name, AlgorithmReader.read(name, block, base, false, warnings));
      } else {
        own.put(name, ofCommand(algorithms, name, base));
      }
    }
  }

  /** A text instead of a block is the command. */
  private static @Nullable Algorithm ofCommand(Fields algorithms, String name, Path base) {
    String command = algorithms.text(name);
    return command == null
        ? null
        : algorithms.make(
            name, () -> Algorithm.builder(name).command(command).baseFolder(base).build());
  }

  Set<String> names() {
    return own.keySet();
  }

  /**
   * Returns the algorithm that a place names, or null after adding problems there or in its file.
   */
  @Nullable Algorithm get(String name, Where where, String path, Problems problems) {
    if (own.containsKey(name)) {
      return own.get(name);
    }
    if (found.containsKey(name)) {
      return found.get(name);
    }
    Optional<Path> file = catalogue.find(name);
    if (file.isEmpty()) {
      problems.add(where, path + ": " + catalogue.missing(name, own.keySet()));
      return null;
    }
    Algorithm algorithm = AlgorithmFile.read(file.get(), name, problems, warnings);
    found.put(name, algorithm);
    return algorithm;
  }
}
