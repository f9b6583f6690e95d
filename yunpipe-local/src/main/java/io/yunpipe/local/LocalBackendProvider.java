package io.yunpipe.local;

import io.yunpipe.ConfigurationException;
import io.yunpipe.spi.Backend;
import io.yunpipe.spi.BackendContext;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.ObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Brings the backend {@code local}: this machine. Found as a service. */
public final class LocalBackendProvider implements BackendProvider {
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

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

  /** Opens a folder: a path, or an address that begins with {@code file:}. */
  @Override
  public Optional<ObjectStore> openStore(String location, Map<String, String> settings) {
    return folder(location)
        .map(folder -> new DirectoryObjectStore(folder, LocalSettings.of(settings).fsync()));
  }

  private static Optional<Path> folder(String location) {
    try {
      if (location.startsWith("file:")) {
        return Optional.of(Path.of(URI.create(location)));
      }
      return location.isEmpty() || ADDRESS.matcher(location).lookingAt()
          ? Optional.empty()
          : Optional.of(Path.of(location));
    } catch (IllegalArgumentException e) {
      // Paths and addresses that cannot be.
      throw new ConfigurationException(
          "of a store",
          List.of("expected a folder, but found \"" + location + "\": " + e.getMessage()));
    }
  }
}
