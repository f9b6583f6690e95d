package io.yunpipe.cli;

import io.yunpipe.Inputs;
import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.source.OverlapCheck;
import io.yunpipe.internal.source.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A workflow and its inputs, as the first word and those after it. */
final class InputArguments extends WorkflowArgument {
  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "INPUT",
      description = "A folder, files, a glob in quotes, or a zip whose entries are the inputs.")
  private List<Path> paths = new ArrayList<>();

  /** Returns the inputs; nothing is read but what kind each path is. */
  Inputs inputs() {
    return Sources.detect(paths);
  }

  /** Refuses an output folder in which results would become inputs. */
  static void checkOutput(Inputs inputs, Path output) {
    OverlapCheck.problem(inputs, output)
        .ifPresent(
            problem -> {
              throw new InvalidInputException(problem);
            });
  }
}
