package io.yunpipe.config;

import io.yunpipe.ConfigurationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects all that is wrong, so that a user need not mend one thing at a time. */
final class Problems {
  private record Problem(Where where, String text) {}

  private final List<Problem> found = new ArrayList<>();

  void add(Where where, String text) {
    Problem problem = new Problem(where, text);
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  int count() {
    return found.size();
  }

  /** One sentence per problem, each with its place; those of one source in the order of lines. */
  List<String> sentences() {
    List<String> sources =
        found.stream().map(problem -> problem.where.source()).distinct().toList();
    return found.stream()
        .sorted(
            Comparator.comparingInt((Problem problem) -> sources.indexOf(problem.where.source()))
                .thenComparingInt(problem -> problem.where.line()))
        .map(problem -> problem.where + ": " + problem.text)
        .toList();
  }

  void throwIfAny(String source) {
    if (!found.isEmpty()) {
      throw new ConfigurationException(source, sentences());
    }
  }
}
