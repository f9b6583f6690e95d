package io.yunpipe.local;

import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;

/** Brings the backend {@code local}: this machine. Found as a service. */
public final class LocalBackendProvider implements BackendProvider {
  /** For {@link java.util.ServiceLoader}. */
  public LocalBackendProvider() {}

  @Override
  public String name() {
    return "local";
  }

  @Override
  public Backend open(BackendContext context) {
    return new LocalBackend(LocalSettings.of(context.settings()), context);
  }
}
