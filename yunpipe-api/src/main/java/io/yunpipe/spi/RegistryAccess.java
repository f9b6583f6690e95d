package io.yunpipe.spi;

import java.util.Optional;

/**
 * Signs in to registries of images that have a way of their own, and makes repositories where a
 * push does not. {@link java.util.ServiceLoader} finds implementations. Thread-safe.
 */
public interface RegistryAccess {
  /**
   * Who signs in.
   *
   * @param user the name
   * @param secret the password or token; never printed
   */
  record Login(String user, String secret) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /**
   * Returns whether this is a registry it knows; touches no network.
   *
   * @param registry a host, with its port if it has one
   */
  boolean serves(String registry);

  /**
   * Returns who signs in.
   *
   * @return empty if this program has no credentials for it
   * @throws io.yunpipe.BackendException if the service that knows refuses or cannot be reached
   */
  Optional<Login> login(String registry);

  /**
   * Makes a repository if there is none.
   *
   * @return whether it was made
   * @throws io.yunpipe.BackendException if it cannot be made
   */
  boolean prepare(String registry, String repository);
}
