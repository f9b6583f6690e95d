package io.yunpipe.spi;

import io.yunpipe.BackendSource;
import java.util.Map;

/** Opens a backend of one kind. Found through {@link java.util.ServiceLoader}. */
public interface BackendProvider extends BackendSource {
  /** Returns the name that {@code yunpipe.backend} takes, such as {@code local}. */
  @Override
  String name();

  /** Opens the backend for a pipeline. Writes nothing before {@link Backend#init()}. */
  Backend open(BackendContext context);

  /**
   * Returns what an administrator reads before anything is set up: templates, and what each role
   * may do. Touches no network.
   *
   * @return name to JSON; a role's policy is {@code policy/<role>}; empty if there is nothing
   */
  default Map<String, String> documents(BackendContext context) {
    return Map.of();
  }
}
