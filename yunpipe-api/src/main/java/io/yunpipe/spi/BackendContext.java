package io.yunpipe.spi;

import io.yunpipe.JobFunction;
import java.time.Clock;
import java.util.Map;

/**
 * What a backend gets to know.
 *
 * @param pipeline the pipeline's name
 * @param settings the settings below {@code yunpipe.<backend>}, by path
 * @param functions this program's Java functions, by algorithm name
 * @param clock the time
 */
public record BackendContext(
    String pipeline,
    Map<String, String> settings,
    Map<String, JobFunction> functions,
    Clock clock) {
  /** Copies the maps. */
  public BackendContext {
    settings = Map.copyOf(settings);
    functions = Map.copyOf(functions);
  }
}
