package io.yunpipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a builder hands to the engine; for implementations, not for users.
 *
 * @param name the pipeline's name
 * @param workflow its workflow
 * @param backend the backend's name, or null for the configured one
 * @param source the ready-made backend of that name, or null to find it on the class path
 * @param settings overrides, by path
 * @param configuration the configuration file, or null for the default
 * @param naming {@code plain} or {@code yunpipe}
 * @param zipResults whether folders are packed
 */
public record PipelineDefinition(
    String name,
    Workflow workflow,
    @Nullable String backend,
    @Nullable BackendSource source,
    Map<String, String> settings,
    @Nullable Path configuration,
    String naming,
    boolean zipResults) {
  /** Copies the map. */
  public PipelineDefinition {
    settings = new LinkedHashMap<>(settings);
  }
}
