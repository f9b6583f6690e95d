package io.yunpipe.wrap;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.registry.credentials.DockerConfigCredentialRetriever;
import io.yunpipe.BackendException;
import io.yunpipe.spi.RegistryAccess;
import io.yunpipe.spi.RegistryAccess.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who signs in to a registry: a service of the registry's own, or what {@code docker login}
 * and {@code podman login} left, credential helpers included.
 */
final class Logins {
  /** The name that stands for a token instead of a password. */
  static final String TOKEN_USER = "<token>";

  private static final Logger logger = LoggerFactory.getLogger(Logins.class);

  private final List<RegistryAccess> services;
  private final List<Path> files;

  Logins(List<RegistryAccess> services, List<Path> files) {
    this.services = List.copyOf(services);
    this.files = List.copyOf(files);
  }

  /** Returns those of this machine's user. */
  static Logins ofUser(Map<String, String> environment, Path home) {
    List<Path> files = new ArrayList<>();
    add(files, environment.get("DOCKER_CONFIG"), "config.json");
    files.add(home.resolve(".docker/config.json"));
    if (environment.get("REGISTRY_AUTH_FILE") != null) {
      files.add(Path.of(environment.get("REGISTRY_AUTH_FILE")));
    }
    add(files, environment.get("XDG_RUNTIME_DIR"), "containers/auth.json");
    files.add(home.resolve(".config/containers/auth.json"));
    List<RegistryAccess> services =
        ServiceLoader.load(RegistryAccess.class, Logins.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return new Logins(services, files);
  }

  private static void add(List<Path> files, @Nullable String folder, String name) {
    if (folder != null && !folder.isEmpty()) {
      files.add(Path.of(folder, name));
    }
  }

  /** Returns the service that knows a registry. */
  Optional<RegistryAccess> service(String registry) {
    return services.stream().filter(one -> one.serves(registry)).findFirst();
  }

  /**
   * Returns who signs in.
   *
   * @return empty if nobody does
   */
  Optional<Login> login(String registry) {
    Optional<RegistryAccess> service = service(registry);
    if (service.isEmpty()) {
      return stored(registry);
    }
    try {
      Optional<Login> login = service.get().login(registry);
      return login.isPresent() ? login : stored(registry);
    } catch (BackendException e) {
      Optional<Login> login = stored(registry);
      if (login.isEmpty()) {
        throw e;
      }
      return login;
    }
  }

  private Optional<Login> stored(String registry) {
    // Docker and Podman call it differently.
    List<String> names =
        registry.equals(ImageReference.HUB)
            ? List.of("https://index.docker.io/v1/", "docker.io")
            : List.of(registry);
    for (Path file : files) {
      try {
        for (String name : names) {
          Optional<Credential> found =
              DockerConfigCredentialRetriever.create(name, file)
                  .retrieve(event -> logger.debug("{}", event.getLevel()));
          if (found.isPresent()) {
            logger.debug("Signing in: registry={} from={}", registry, file);
            return found.map(one -> new Login(one.getUsername(), one.getPassword()));
          }
        }
      } catch (IOException | RuntimeException e) {
        // Its message may hold a part of the file.
        throw new BackendException(
            "Could not read who signs in to "
                + registry
                + " from "
                + file
                + " ("
                + e.getClass().getSimpleName()
                + "). Put the file in order, or sign in anew: docker login "
                + registry,
            null);
      }
    }
    return Optional.empty();
  }
}
