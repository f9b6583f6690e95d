package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.StoredObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows outputs of zipped jobs. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Lists the stored outputs of a workflow's zipped jobs.")
final class ListCommand implements Callable<Integer> {
  @Mixin private WorkflowArgument workflow = new WorkflowArgument();

  @Option(names = "--json", description = "Prints JSON, with sizes and times.")
  private boolean json;

  @Override
  public Integer call() {
    try (Pipeline pipeline = workflow.open()) {
      List<StoredObject> outputs = pipeline.list();
      if (json) {
        JsonText.print(
            outputs.stream()
                .map(
                    output ->
                        JsonText.map(
                            "name", output.name(),
                            "size", output.size(),
                            "modified", output.modified().toString()))
                .toList());
      } else {
        outputs.forEach(output -> System.out.println(output.name()));
      }
      return ExitCode.OK;
    }
  }
}
