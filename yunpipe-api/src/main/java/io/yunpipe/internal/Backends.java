package io.yunpipe.internal;

import io.yunpipe.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the backend of a name on the class path. */
public final class Backends {
  private Backends() {}

  /**
   * Returns the backend of a name.
   *
   * @throws IllegalStateException if there is none or more than one; it tells what was found
   */
  public static BackendProvider find(String name) {
    List<BackendProvider> matches = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (BackendProvider provider :
        ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())) {
      found.add(provider.name());
      if (provider.name().equals(name)) {
        matches.add(provider);
      }
    }
    return switch (matches.size()) {
      case 1 -> matches.get(0);
      case 0 ->
          throw new IllegalStateException(
              "No backend named '%s' (yunpipe.backend). Found on the class path: %s. Add the module that brings it, such as io.yunpipe:yunpipe-%s."
                  .formatted(name, found.isEmpty() ? "none" : String.join(", ", found), name));
      default ->
          throw new IllegalStateException(
              "Two or more backends are named '" + name + "': " + matches);
    };
  }
}
