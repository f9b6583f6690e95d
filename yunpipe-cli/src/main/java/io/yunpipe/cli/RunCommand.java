package io.yunpipe.cli;

import io.yunpipe.Inputs;
import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits, watches and downloads. */
@Command(
    name = "run",
    sortOptions = false,
    description = "Runs a workflow over inputs, watches it and downloads the results.")
final class RunCommand implements Callable<Integer> {
  @Mixin private InputArguments arguments = new InputArguments();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where the results are downloaded to; without it they stay at the backend.")
  private @Nullable Path output;

  @Mixin private RunTermsOptions terms = new RunTermsOptions();

  @Mixin private ReportOptions report = new ReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Inputs source = arguments.inputs();
    if (output != null) {
      InputArguments.checkOutput(source, output);
    }
    return Interruption.during(() -> execute(source));
  }

  private int execute(Inputs source) throws InterruptedException {
    try (Pipeline pipeline = arguments.open()) {
      Run run = pipeline.submitAsync(source, terms.options());
      int code = report.watchAndDownload(run, arguments.hint(), output);
      if (output == null && !report.json()) {
        Messages.say("download: yunpipe download " + run.id() + " -o DIR" + arguments.hint());
      }
      return code;
    }
  }
}
