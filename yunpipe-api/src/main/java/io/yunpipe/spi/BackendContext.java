package io.yunpipe.spi;

import io.yunpipe.JobFunction;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * What a backend gets to know.
 *
 * @param pipeline the pipeline's name
 * @param stages what its stages need; none if that is not known, as where only runs that are there
 *     are looked at
 * @param settings the settings below {@code yunpipe.<backend>}, by path
 * @param functions this program's Java functions, by algorithm name
 * @param clock the time
 */
public record BackendContext(
    String pipeline,
    List<StageNeeds> stages,
    Map<String, String> settings,
    Map<String, JobFunction> functions,
    Clock clock) {
  /** Copies list and maps. */
  public BackendContext {
    stages = List.copyOf(stages);
    settings = Map.copyOf(settings);
    functions = Map.copyOf(functions);
  }

  /** Creates the context of who does not know the stages. */
  public BackendContext(
      String pipeline,
      Map<String, String> settings,
      Map<String, JobFunction> functions,
      Clock clock) {
    this(pipeline, List.of(), settings, functions, clock);
  }
}
