package io.yunpipe;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * What runs definitions. Found through {@link ServiceLoader}, so that this package depends on no
 * other; for implementations, not for users.
 */
public interface Engine {
  /** Opens a pipeline. */
  Pipeline open(PipelineDefinition definition);

  /**
   * Opens a pipeline described in a file.
   *
   * @param settings overrides of the file's settings, by path
   */
  Pipeline load(Path file, Map<String, String> settings);

  /**
   * Returns what the backend of a pipeline would set up, for an administrator to read. Touches no
   * network.
   *
   * @param settings overrides of the file's settings, by path
   * @return name to JSON; empty if the backend sets nothing up
   */
  Map<String, String> documents(Path file, Map<String, String> settings);

  /**
   * Returns the roles that {@link #createRoles} would make, with all that they may do.
   *
   * @param settings overrides of the file's settings, by path
   * @return a template in JSON; empty if the backend has no roles
   */
  String roles(Path file, Map<String, String> settings);

  /**
   * Makes the roles of a pipeline alone, or changes them: for an administrator, where those who set
   * pipelines up may make none.
   *
   * @param settings overrides of the file's settings, by path
   * @param listener hears what is done, and decides
   * @return whether the roles are there now; {@code false} if the listener refused
   */
  boolean createRoles(Path file, Map<String, String> settings, SetUpListener listener);

  /** Runs an algorithm on one file of this machine. */
  Trial tryOn(Algorithm algorithm, Path input, Map<String, String> variables);

  /**
   * Opens the pipeline that a run belongs to, as its stored plan describes it; needs no definition.
   *
   * @param configuration the configuration file, or null for the default
   * @param settings overrides, by path
   * @param runId the run
   * @throws InvalidInputException if the configured backend has no such run
   * @throws ConfigurationException with all problems of the configuration
   */
  Pipeline attach(@Nullable Path configuration, Map<String, String> settings, String runId);

  /**
   * Returns the status of all runs in the configured backend's store, of any pipeline, newest
   * first.
   *
   * @param configuration the configuration file, or null for the default
   * @param settings overrides, by path
   * @throws ConfigurationException with all problems of the configuration
   */
  List<RunStatus> runs(@Nullable Path configuration, Map<String, String> settings);

  /**
   * Returns the stages of all pipelines that are deployed in the configured backend's store.
   *
   * @param configuration the configuration file, or null for the default
   * @param settings overrides, by path
   * @throws ConfigurationException with all problems of the configuration
   */
  List<DeployedStage> deployed(@Nullable Path configuration, Map<String, String> settings);

  /**
   * Returns what pipelines that crashed or were half removed have left at the configured backend.
   *
   * @param configuration the configuration file, or null for the default
   * @param settings overrides, by path
   */
  List<Leftover> leftovers(@Nullable Path configuration, Map<String, String> settings);

  /**
   * Removes leftovers.
   *
   * @param leftovers what {@link #leftovers} returned and is removable
   * @param listener hears what is done
   */
  void removeLeftovers(
      @Nullable Path configuration,
      Map<String, String> settings,
      List<Leftover> leftovers,
      SetUpListener listener);

  /**
   * Returns the engine of this class path. Kernels run cells on threads whose class loader does not
   * see the library, so the library's own is asked.
   */
  static Engine get() {
    Iterator<Engine> found =
        ServiceLoader.load(Engine.class, Engine.class.getClassLoader()).iterator();
    if (!found.hasNext()) {
      throw new IllegalStateException(
          "No yunpipe engine is on the class path. Add io.yunpipe:yunpipe-local, or yunpipe-all.jar.");
    }
    return found.next();
  }
}
