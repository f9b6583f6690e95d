package io.yunpipe.internal;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendSource;
import io.yunpipe.Engine;
import io.yunpipe.InvalidInputException;
import io.yunpipe.InvalidPipelineException;
import io.yunpipe.JobFunction;
import io.yunpipe.Leftover;
import io.yunpipe.Pipeline;
import io.yunpipe.PipelineDefinition;
import io.yunpipe.RunStatus;
import io.yunpipe.SetUpListener;
import io.yunpipe.Stage;
import io.yunpipe.Trial;
import io.yunpipe.config.PipelineFile;
import io.yunpipe.config.Settings;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.StageNeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of this library; found as a service. */
public final class DefaultEngine implements Engine {
  private static final Logger logger = LoggerFactory.getLogger(DefaultEngine.class);

  /** For {@link ServiceLoader}. */
  public DefaultEngine() {}

  @Override
  public Pipeline open(PipelineDefinition definition) {
    return new DefaultPipeline(definition.name(), definition, site(definition));
  }

  private static Site site(PipelineDefinition definition) {
    Settings settings = settings(definition);
    return site(provider(settings, definition.source()), context(settings, definition));
  }

  private static BackendContext context(Settings settings, PipelineDefinition definition) {
    return new BackendContext(
        definition.name(),
        definition.workflow().stages().stream().map(DefaultEngine::needs).toList(),
        settings.backendSettings(settings.backend()),
        functions(definition),
        Clock.systemUTC());
  }

  private static Settings settings(PipelineDefinition definition) {
    Map<String, String> overrides = new LinkedHashMap<>(definition.settings());
    if (definition.backend() != null) {
      overrides.put("yunpipe.backend", definition.backend());
    }
    return Settings.load(definition.configuration(), overrides);
  }

  private static StageNeeds needs(Stage stage) {
    Algorithm algorithm = stage.algorithm();
    return new StageNeeds(
        stage.name(),
        algorithm.image().orElse(null),
        algorithm.function().map(any -> algorithm.name()).orElse(null),
        stage.resources(),
        algorithm.timeout().orElse(null),
        stage.instanceType().orElse(null));
  }

  /** Returns the store of all pipelines. */
  private static Site site(Settings settings, String pipeline) {
    return site(
        provider(settings, null),
        new BackendContext(
            pipeline, settings.backendSettings(settings.backend()), Map.of(), Clock.systemUTC()));
  }

  private static Site site(BackendProvider provider, BackendContext context) {
    return Site.of(provider.open(context), context.functions().keySet(), context.clock());
  }

  private static BackendProvider provider(Settings settings, @Nullable BackendSource source) {
    String backend = settings.backend();
    return source instanceof BackendProvider ready && ready.name().equals(backend)
        ? ready
        : Backends.find(backend);
  }

  private static Map<String, JobFunction> functions(PipelineDefinition definition) {
    Map<String, JobFunction> functions = new HashMap<>();
    for (Stage stage : definition.workflow().stages()) {
      Algorithm algorithm = stage.algorithm();
      algorithm
          .function()
          .ifPresent(
              function -> {
                JobFunction other = functions.put(algorithm.name(), function);
                if (other != null && other != function) {
                  throw new InvalidPipelineException(
                      "Pipeline '" + definition.name() + "'",
                      List.of("two Java functions are named '" + algorithm.name() + "'"));
                }
              });
    }
    return functions;
  }

  @Override
  public Pipeline load(Path file, Map<String, String> settings) {
    return open(read(file, settings));
  }

  @Override
  public Map<String, String> documents(Path file, Map<String, String> settings) {
    PipelineDefinition read = read(file, settings);
    Settings loaded = settings(read);
    return provider(loaded, read.source()).documents(context(loaded, read));
  }

  @Override
  public String roles(Path file, Map<String, String> settings) {
    try (Backend backend = backend(read(file, settings))) {
      return backend.roles();
    }
  }

  @Override
  public boolean createRoles(Path file, Map<String, String> settings, SetUpListener listener) {
    try (Backend backend = backend(read(file, settings))) {
      return backend.createRoles(listener);
    }
  }

  private static Backend backend(PipelineDefinition read) {
    Settings loaded = settings(read);
    return provider(loaded, read.source()).open(context(loaded, read));
  }

  private static PipelineDefinition read(Path file, Map<String, String> settings) {
    PipelineFile described = PipelineFile.load(file);
    described.warnings().forEach(warning -> logger.warn("{}: {}", file, warning));
    PipelineDefinition read = described.definition();
    Map<String, String> all = new LinkedHashMap<>(read.settings());
    all.putAll(settings);
    return new PipelineDefinition(
        read.name(),
        read.workflow(),
        read.backend(),
        read.source(),
        all,
        read.configuration(),
        read.naming(),
        read.zipResults());
  }

  @Override
  public Pipeline attach(@Nullable Path configuration, Map<String, String> settings, String runId) {
    Settings loaded = Settings.load(configuration, settings);
    String pipeline;
    try (Backend any = site(loaded, "any").backend()) {
      pipeline =
          new Plans(any.store())
              .newest(runId)
              .map(RunPlan::pipeline)
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "There is no run '"
                              + runId
                              + "' in the "
                              + loaded.backend()
                              + " backend. List the runs there are with 'yunpipe runs', or name the"
                              + " configuration that was used to submit it."));
    }
    return new DefaultPipeline(pipeline, null, site(loaded, pipeline));
  }

  @Override
  public List<RunStatus> runs(@Nullable Path configuration, Map<String, String> settings) {
    Site site = site(Settings.load(configuration, settings), "any");
    try {
      return RunIndex.statuses(site);
    } finally {
      site.backend().close();
    }
  }

  @Override
  public List<Leftover> leftovers(@Nullable Path configuration, Map<String, String> settings) {
    try (Backend backend = backend(configuration, settings)) {
      return backend.leftovers();
    }
  }

  @Override
  public void removeLeftovers(
      @Nullable Path configuration,
      Map<String, String> settings,
      List<Leftover> leftovers,
      SetUpListener listener) {
    try (Backend backend = backend(configuration, settings)) {
      backend.removeLeftovers(leftovers, listener);
    }
  }

  private Backend backend(@Nullable Path configuration, Map<String, String> settings) {
    return site(Settings.load(configuration, settings), "any").backend();
  }

  @Override
  public Trial tryOn(Algorithm algorithm, Path input, Map<String, String> variables) {
    TrialRunner runner =
        ServiceLoader.load(TrialRunner.class, TrialRunner.class.getClassLoader())
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Nothing on the class path can try algorithms. Add io.yunpipe:yunpipe-runner."));
    return runner.run(
        Planner.trial(algorithm, variables, DefaultEngine::local),
        algorithm.function().orElse(null),
        input);
  }

  /** A trial reads files where they lie: their path is their key. */
  private static InputRef local(Path file) {
    try {
      return new InputRef(
          String.valueOf(file.getFileName()),
          file.toAbsolutePath().toString(),
          Files.size(file),
          Sha256.of(file),
          null);
    } catch (IOException e) {
      throw new InvalidInputException("Could not read " + file + ": " + e, e);
    }
  }
}
