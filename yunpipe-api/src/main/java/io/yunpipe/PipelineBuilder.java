package io.yunpipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a pipeline. Setters check their value at once; not thread-safe. */
public final class PipelineBuilder {
  private String name = "pipeline";
  private final List<Stage> stages = new ArrayList<>();
  private @Nullable Workflow workflow;
  private @Nullable String backend;
  private @Nullable BackendSource source;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private @Nullable Path configuration;
  private String naming = "plain";
  private boolean zipResults;

  PipelineBuilder() {}

  /**
   * Sets the name, under which runs are found again; default {@code pipeline}.
   *
   * @throws IllegalArgumentException if it is not a-z, 0-9 and -, at most 63
   */
  public PipelineBuilder name(String value) {
    name = Names.check("pipeline name", value);
    return this;
  }

  /** Adds an algorithm as a stage after the one added last. */
  public PipelineBuilder stage(Algorithm algorithm) {
    Stage.Builder stage = Stage.builder(algorithm);
    if (!stages.isEmpty()) {
      stage.after(stages.get(stages.size() - 1).name());
    }
    return addStage(stage.build());
  }

  /** Adds a stage as it is described. */
  public PipelineBuilder addStage(Stage stage) {
    stages.add(stage);
    return this;
  }

  /** Sets the whole workflow instead of adding stages. */
  public PipelineBuilder workflow(Workflow value) {
    workflow = value;
    return this;
  }

  /** Names the backend; default: setting {@code yunpipe.backend}, which is {@code local}. */
  public PipelineBuilder backend(String value) {
    backend = value;
    source = null;
    return this;
  }

  /** Takes a backend that is ready-made, such as one with the program's own clients. */
  public PipelineBuilder backend(BackendSource value) {
    backend = value.name();
    source = value;
    return this;
  }

  /**
   * Overrides one setting of the configuration.
   *
   * @param path such as {@code yunpipe.local.directory}
   */
  public PipelineBuilder putSetting(String path, String value) {
    settings.put(path, value);
    return this;
  }

  /**
   * Names the configuration file; default {@code yunpipe.conf} in the current folder, if it is
   * there.
   */
  public PipelineBuilder configuration(Path file) {
    configuration = file;
    return this;
  }

  /**
   * Sets how a job's only output file is named: {@code plain} (default) as the algorithm named it,
   * {@code yunpipe} as {@code Result-<algorithm>-<file>}.
   */
  public PipelineBuilder naming(String rule) {
    if (!rule.equals("plain") && !rule.equals("yunpipe")) {
      throw new IllegalArgumentException(
          "naming must be plain or yunpipe, but was \"" + rule + "\"");
    }
    naming = rule;
    return this;
  }

  /** Sets whether a result that is a folder is packed as a zip; default false. */
  public PipelineBuilder zipResults(boolean zip) {
    zipResults = zip;
    return this;
  }

  /**
   * Returns the pipeline. Leaves this builder as it was; reads the configuration, writes nothing
   * and touches no network.
   *
   * @throws InvalidPipelineException with all problems of the definition
   * @throws ConfigurationException with all problems of the configuration
   */
  public Pipeline build() {
    if (workflow != null && !stages.isEmpty()) {
      throw new InvalidPipelineException(
          "Pipeline '" + name + "'",
          List.of("both workflow(…) and stages are set; use one of them"));
    }
    List<String> problems = workflow == null ? WorkflowCheck.problems(stages) : List.of();
    if (!problems.isEmpty()) {
      throw new InvalidPipelineException("Pipeline '" + name + "'", problems);
    }
    return Engine.get()
        .open(
            new PipelineDefinition(
                name,
                workflow == null ? Workflow.of(stages) : workflow,
                backend,
                source,
                settings,
                configuration,
                naming,
                zipResults));
  }
}
