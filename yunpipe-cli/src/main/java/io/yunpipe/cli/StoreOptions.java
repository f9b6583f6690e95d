package io.yunpipe.cli;

import io.yunpipe.Engine;
import io.yunpipe.Pipeline;
import io.yunpipe.RunStatus;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where runs are looked for: at the backend a file names, or at the configured one. */
final class StoreOptions {
  @Option(
      names = {"-w", "--workflow"},
      paramLabel = "FILE",
      description = "The workflow file of the run; without it the configured backend is asked.")
  private @Nullable Path workflow;

  @Mixin private BackendOptions backend = new BackendOptions();

  Pipeline open(String runId) {
    return workflow == null
        ? Engine.get().attach(null, backend.settings(), runId)
        : Engine.get().load(workflow, backend.settings());
  }

  List<RunStatus> runs() {
    if (workflow == null) {
      return Engine.get().runs(null, backend.settings());
    }
    try (Pipeline pipeline = Engine.get().load(workflow, backend.settings())) {
      return pipeline.runs();
    }
  }

  String hint() {
    return (workflow == null ? "" : " -w " + Shell.quote(workflow.toString())) + backend.hint();
  }
}
