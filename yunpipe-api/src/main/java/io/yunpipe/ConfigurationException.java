package io.yunpipe;

import java.util.List;

/** Settings cannot be used; every problem is listed with its file and line. */
public final class ConfigurationException extends YunpipeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * Creates the exception.
   *
   * @param source the file or place the settings came from
   * @param problems one sentence per problem, each with file and line where known; not empty
   */
  public ConfigurationException(String source, List<String> problems) {
    super(
        "Configuration "
            + source
            + " has "
            + problems.size()
            + (problems.size() == 1 ? " problem:" : " problems:")
            + "\n  - "
            + String.join("\n  - ", problems),
        null);
    this.problems = List.copyOf(problems);
  }

  /** Returns one sentence per problem, unmodifiable. */
  public List<String> problems() {
    return problems;
  }
}
