package io.yunpipe.cli;

import io.yunpipe.ConfigurationException;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.Stage;
import io.yunpipe.config.PipelineFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks files. */
@Command(
    name = "validate",
    sortOptions = false,
    description =
        "Checks pipeline, workflow and algorithm files; lists all problems. Starts nothing.")
final class ValidateCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to check.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Object> results = new ArrayList<>();
    int code = ExitCode.OK;
    for (Path file : files) {
      try {
        PipelineFile read = PipelineFile.load(file);
        List<String> stages =
            read.definition().workflow().stages().stream().map(Stage::name).toList();
        results.add(result(file, stages, read.warnings(), List.of()));
        if (!json) {
          System.out.println(text(file, read.definition(), stages));
        }
        read.warnings().forEach(warning -> Messages.say("warning: " + warning));
      } catch (ConfigurationException e) {
        results.add(result(file, List.of(), List.of(), e.problems()));
        Messages.error(String.valueOf(e.getMessage()));
        code = ExitCode.BAD_INPUT;
      }
    }
    if (json) {
      JsonText.print(results);
    }
    return code;
  }

  private static String text(Path file, PipelineDefinition definition, List<String> stages) {
    return file
        + ": valid; pipeline "
        + definition.name()
        + " of "
        + Messages.count(stages.size(), "stage")
        + ": "
        + String.join(", ", stages);
  }

  private static Object result(
      Path file, List<String> stages, List<String> warnings, List<String> problems) {
    return JsonText.map(
        "file", file.toString(),
        "valid", problems.isEmpty(),
        "stages", stages,
        "warnings", warnings,
        "problems", problems);
  }
}
