package io.yunpipe.cli;

import io.yunpipe.Pipeline;
import io.yunpipe.Run;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A run that is there, as the first word. */
final class RunArgument {
  @Parameters(index = "0", paramLabel = "RUN", description = "The run's identifier.")
  private String id = "";

  @Mixin private StoreOptions store = new StoreOptions();

  /** Opens the pipeline of the run; close it. */
  Pipeline open() {
    return store.open(id);
  }

  Run attach(Pipeline pipeline) {
    return pipeline.attach(id);
  }

  String id() {
    return id;
  }

  /** Returns the options with which other commands find this run; starts with a blank, or empty. */
  String hint() {
    return store.hint();
  }
}
