package io.yunpipe.spi;

import io.yunpipe.BackendSource;
import java.util.Map;
import java.util.Optional;

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

  /**
   * Opens a store at a place that is no pipeline's, such as one that many users share. Touches no
   * network before its first use.
   *
   * @param location such as a folder, or {@code s3://bucket/prefix}
   * @param settings the settings below {@code yunpipe.<backend>}, by path; those that name a place
   *     do not count
   * @return the store, which the caller closes; empty if the location is none of this backend's
   * @throws io.yunpipe.ConfigurationException if the location is this backend's, but cannot be used
   */
  default Optional<ObjectStore> openStore(String location, Map<String, String> settings) {
    return Optional.empty();
  }
}
