package io.yunpipe;

import java.util.List;

/** A definition (algorithm, workflow or pipeline) has problems; all of them are listed. */
public final class InvalidPipelineException extends YunpipeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * Creates the exception.
   *
   * @param what what was defined, such as {@code "Pipeline 'cells'"}
   * @param problems one sentence per problem; not empty
   */
  public InvalidPipelineException(String what, List<String> problems) {
    super(text(what, problems), null);
    this.problems = List.copyOf(problems);
  }

  /** Returns one sentence per problem, unmodifiable. */
  public List<String> problems() {
    return problems;
  }

  private static String text(String what, List<String> problems) {
    return what
        + " has "
        + problems.size()
        + (problems.size() == 1 ? " problem:" : " problems:")
        + "\n  - "
        + String.join("\n  - ", problems);
  }
}
