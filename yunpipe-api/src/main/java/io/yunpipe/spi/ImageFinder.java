package io.yunpipe.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Looks at images in registries without pulling them; {@link ServiceLoader} finds implementations.
 * Thread-safe.
 */
public interface ImageFinder {
  /**
   * An image as it is at this moment.
   *
   * @param digest of its manifest, or of the index of its manifests, such as {@code sha256:…}
   * @param architectures for which processors, in the words of container images; empty: not known
   * @param labels labels of its configuration
   */
  record Found(String digest, List<String> architectures, Map<String, String> labels) {
    /** Copies list and map. */
    public Found {
      architectures = List.copyOf(architectures);
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Looks at an image.
   *
   * @param image its name, as {@code docker pull} takes it
   * @return empty if the registry has no such image
   * @throws io.yunpipe.BackendException if that cannot be told
   * @throws IllegalArgumentException if it is no name of an image in a registry
   */
  Optional<Found> find(String image);

  /** Returns the one on the class path, if there is one. */
  static Optional<ImageFinder> installed() {
    return ServiceLoader.load(ImageFinder.class, ImageFinder.class.getClassLoader()).findFirst();
  }

  /** Returns an image's name with a digest instead of its tag. */
  static String pinned(String image, String digest) {
    int at = image.indexOf('@');
    String name = at < 0 ? image : image.substring(0, at);
    int colon = name.lastIndexOf(':');
    return (colon > name.lastIndexOf('/') ? name.substring(0, colon) : name) + '@' + digest;
  }
}
