package io.yunpipe.spi;

import io.yunpipe.BackendSource;

/** Opens a backend of one kind. Found through {@link java.util.ServiceLoader}. */
public interface BackendProvider extends BackendSource {
  /** Returns the name that {@code yunpipe.backend} takes, such as {@code local}. */
  @Override
  String name();

  /** Opens the backend for a pipeline. Writes nothing before {@link Backend#init()}. */
  Backend open(BackendContext context);
}
